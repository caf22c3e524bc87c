import { type Command, type Registry, signatureOf } from './define.ts';
import { createBranch } from './git/create-branch.ts';
import { integrationCommands } from './git/integration-commands.ts';
import { listBranch } from './git/list-branch.ts';
import { listConflict } from './git/list-conflict.ts';
import { showBranch } from './git/show-branch.ts';
import { showConflict } from './git/show-conflict.ts';
import { showDiff } from './git/show-diff.ts';
import { statusGit } from './git/status-git.ts';
import { syncBranch } from './git/sync-branch.ts';
import { syncGit } from './git/sync-git.ts';
import { worktreeCommands } from './git/worktree-commands.ts';
import { helpTopic } from './help/help-topic.ts';
import { laterSignatures } from './help/later.ts';
import { previewCommand } from './help/preview-command.ts';
import { answerInstance } from './instances/answer-instance.ts';
import { approveInstance } from './instances/approve-instance.ts';
import { createGroup } from './instances/create-group.ts';
import { denyInstance } from './instances/deny-instance.ts';
import { launchInstance } from './instances/launch-instance.ts';
import { listGroup } from './instances/list-group.ts';
import { listInstance } from './instances/list-instance.ts';
import { pauseGroup } from './instances/pause-group.ts';
import { pauseInstance } from './instances/pause-instance.ts';
import { removeGroup } from './instances/remove-group.ts';
import { removeInstance } from './instances/remove-instance.ts';
import { restartInstance } from './instances/restart-instance.ts';
import { resumeGroup } from './instances/resume-group.ts';
import { resumeInstance } from './instances/resume-instance.ts';
import { scaleInstance } from './instances/scale-instance.ts';
import { setInstance } from './instances/set-instance.ts';
import { showGroup } from './instances/show-group.ts';
import { showInstance } from './instances/show-instance.ts';
import { statusGroup } from './instances/status-group.ts';
import { statusInstance } from './instances/status-instance.ts';
import { stopGroup } from './instances/stop-group.ts';
import { stopInstance } from './instances/stop-instance.ts';
import { tellGroup } from './instances/tell-group.ts';
import { tellInstance } from './instances/tell-instance.ts';
import { topInstance } from './instances/top-instance.ts';
import { exportPlan } from './plans/export-plan.ts';
import { importSpec } from './plans/import-spec.ts';
import { importTask } from './plans/import-task.ts';
import { lintSpec } from './plans/lint-spec.ts';
import { listPlan } from './plans/list-plan.ts';
import { listSpec } from './plans/list-spec.ts';
import { planGraph } from './plans/plan-graph.ts';
import { planSpec } from './plans/plan-spec.ts';
import { planTask } from './plans/plan-task.ts';
import { setSpec } from './plans/set-spec.ts';
import { showPlan } from './plans/show-plan.ts';
import { showSpec } from './plans/show-spec.ts';
import { statusSpec } from './plans/status-spec.ts';
import { listProtocol } from './protocol/list-protocol.ts';
import { showProtocol } from './protocol/show-protocol.ts';
import { statusProtocol } from './protocol/status-protocol.ts';
import { testProtocol } from './protocol/test-protocol.ts';
import { raceCommands } from './races/race-commands.ts';
import { reviewCommands } from './reviews/review-commands.ts';
import { attachInstance } from './sessions/attach-instance.ts';
import { attachSession } from './sessions/attach-session.ts';
import { cleanSession } from './sessions/clean-session.ts';
import { detachInstance } from './sessions/detach-instance.ts';
import { detachSession } from './sessions/detach-session.ts';
import { listSession } from './sessions/list-session.ts';
import { resetSession } from './sessions/reset-session.ts';
import { shareSession } from './sessions/share-session.ts';
import { showSession } from './sessions/show-session.ts';
import { unshareSession } from './sessions/unshare-session.ts';
import { getConfig } from './settings/get-config.ts';
import { historyConfig } from './settings/history-config.ts';
import { listAdapter } from './settings/list-adapter.ts';
import { listColor } from './settings/list-color.ts';
import { listConfig } from './settings/list-config.ts';
import { listMode } from './settings/list-mode.ts';
import { listSecret } from './settings/list-secret.ts';
import { removeConfig } from './settings/remove-config.ts';
import { removeSecret } from './settings/remove-secret.ts';
import { removeTrust } from './settings/remove-trust.ts';
import { rollbackConfig } from './settings/rollback-config.ts';
import { setConfig } from './settings/set-config.ts';
import { showAdapter } from './settings/show-adapter.ts';
import { showColor } from './settings/show-color.ts';
import { showConfig } from './settings/show-config.ts';
import { showMode } from './settings/show-mode.ts';
import { showTrust } from './settings/show-trust.ts';
import { trustConfig } from './settings/trust-config.ts';
import { launchSwarm } from './swarm/launch-swarm.ts';
import { pauseSwarm } from './swarm/pause-swarm.ts';
import { rebuildState } from './swarm/rebuild-state.ts';
import { resumeSwarm } from './swarm/resume-swarm.ts';
import { showSwarm } from './swarm/show-swarm.ts';
import { statusDaemon } from './swarm/status-daemon.ts';
import { statusSwarm } from './swarm/status-swarm.ts';
import { stopDaemon } from './swarm/stop-daemon.ts';
import { stopSwarm } from './swarm/stop-swarm.ts';
import { testFailure } from './swarm/test-failure.ts';
import { testSwarm } from './swarm/test-swarm.ts';
import { archiveTask } from './tasks/archive-task.ts';
import { assignTask } from './tasks/assign-task.ts';
import { cancelTask } from './tasks/cancel-task.ts';
import { createTask } from './tasks/create-task.ts';
import { getTask } from './tasks/get-task.ts';
import { listTask } from './tasks/list-task.ts';
import { pauseTask } from './tasks/pause-task.ts';
import { reassignTask } from './tasks/reassign-task.ts';
import { removeTask } from './tasks/remove-task.ts';
import { reportProgress } from './tasks/report-progress.ts';
import { reportResult } from './tasks/report-result.ts';
import { resumeTask } from './tasks/resume-task.ts';
import { retryTask } from './tasks/retry-task.ts';
import { runTask } from './tasks/run-task.ts';
import { setTask } from './tasks/set-task.ts';
import { showBrief } from './tasks/show-brief.ts';
import { historyTask } from './tasks/history-task.ts';
import { showResult } from './tasks/show-result.ts';
import { showTask } from './tasks/show-task.ts';
import { statusTask } from './tasks/status-task.ts';
import { stopTask } from './tasks/stop-task.ts';
import { unarchiveTask } from './tasks/unarchive-task.ts';
import { unassignTask } from './tasks/unassign-task.ts';
import { clearAlert } from './watching/clear-alert.ts';
import { cleanEvent } from './watching/clean-event.ts';
import { cleanMessage } from './watching/clean-message.ts';
import { costInstance } from './watching/cost-instance.ts';
import { costSwarm } from './watching/cost-swarm.ts';
import { costTask } from './watching/cost-task.ts';
import { listAlert } from './watching/list-alert.ts';
import { listAudit } from './watching/list-audit.ts';
import { listEvent } from './watching/list-event.ts';
import { listFailure } from './watching/list-failure.ts';
import { listLog } from './watching/list-log.ts';
import { reportAvailability } from './watching/report-availability.ts';
import { reportUsage } from './watching/report-usage.ts';
import { showAlert } from './watching/show-alert.ts';
import { showAudit } from './watching/show-audit.ts';
import { showEvent } from './watching/show-event.ts';
import { showFailure } from './watching/show-failure.ts';
import { showLog } from './watching/show-log.ts';
import { showTimeline } from './watching/show-timeline.ts';
import { verifyAudit } from './watching/verify-audit.ts';

/**
 * Every command. The order is the order of `help`; test/commands/registry.test.ts fails when a file is missing here.
 */
export const commands: readonly Command[] = [
  launchInstance,
  launchSwarm,
  scaleInstance,
  runTask,
  statusSwarm,
  showSwarm,
  listInstance,
  showInstance,
  statusInstance,
  topInstance,
  attachInstance,
  detachInstance,
  tellInstance,
  answerInstance,
  approveInstance,
  denyInstance,
  stopInstance,
  pauseInstance,
  resumeInstance,
  restartInstance,
  removeInstance,
  setInstance,
  createGroup,
  listGroup,
  showGroup,
  statusGroup,
  tellGroup,
  pauseGroup,
  resumeGroup,
  stopGroup,
  removeGroup,
  pauseSwarm,
  resumeSwarm,
  stopSwarm,
  ...raceCommands,
  ...reviewCommands,
  listSession,
  showSession,
  attachSession,
  detachSession,
  shareSession,
  unshareSession,
  resetSession,
  cleanSession,
  ...worktreeCommands,
  syncGit,
  syncBranch,
  listBranch,
  showBranch,
  createBranch,
  statusGit,
  importSpec,
  exportPlan,
  lintSpec,
  showSpec,
  statusSpec,
  planGraph,
  planSpec,
  setSpec,
  importTask,
  createTask,
  listTask,
  showTask,
  statusTask,
  getTask,
  planTask,
  assignTask,
  unassignTask,
  reassignTask,
  setTask,
  retryTask,
  stopTask,
  pauseTask,
  resumeTask,
  cancelTask,
  archiveTask,
  unarchiveTask,
  removeTask,
  showBrief,
  showDiff,
  showResult,
  historyTask,
  reportProgress,
  reportResult,
  reportAvailability,
  reportUsage,
  costSwarm,
  costInstance,
  costTask,
  ...integrationCommands,
  listConflict,
  showConflict,
  listFailure,
  showFailure,
  listAlert,
  showAlert,
  clearAlert,
  listEvent,
  showEvent,
  cleanEvent,
  cleanMessage,
  listAudit,
  showAudit,
  verifyAudit,
  listSpec,
  listPlan,
  showPlan,
  listAdapter,
  showAdapter,
  listMode,
  showMode,
  listColor,
  listSecret,
  showColor,
  listConfig,
  getConfig,
  showConfig,
  setConfig,
  removeConfig,
  historyConfig,
  rollbackConfig,
  removeSecret,
  trustConfig,
  showTrust,
  removeTrust,
  listLog,
  showLog,
  showTimeline,
  statusDaemon,
  statusProtocol,
  listProtocol,
  showProtocol,
  stopDaemon,
  rebuildState,
  helpTopic,
  previewCommand,
  testProtocol,
  testFailure,
  testSwarm,
];

const nameOf = (of: { verb: string; noun: string }) => `${of.verb} ${of.noun}`;
const presentNames = new Set(commands.map(nameOf));

/** Every command of this version, and the words of the commands of later ones. */
export const registry: Registry = {
  commands,
  signatures: [...commands.map(signatureOf), ...laterSignatures.filter((one) => !presentNames.has(nameOf(one)))],
};
