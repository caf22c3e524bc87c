import { answerInstance } from './answer-instance.ts';
import { approveInstance } from './approve-instance.ts';
import { archiveTask } from './archive-task.ts';
import { assignTask } from './assign-task.ts';
import { attachInstance } from './attach-instance.ts';
import { attachSession } from './attach-session.ts';
import { cancelTask } from './cancel-task.ts';
import { cleanSession } from './clean-session.ts';
import { clearAlert } from './clear-alert.ts';
import { costInstance } from './cost-instance.ts';
import { costSwarm } from './cost-swarm.ts';
import { costTask } from './cost-task.ts';
import { createBranch } from './create-branch.ts';
import { createGroup } from './create-group.ts';
import { createTask } from './create-task.ts';
import { createWorktree } from './create-worktree.ts';
import { type Command, type Registry, signatureOf } from './define.ts';
import { denyInstance } from './deny-instance.ts';
import { detachInstance } from './detach-instance.ts';
import { detachSession } from './detach-session.ts';
import { getConfig } from './get-config.ts';
import { getTask } from './get-task.ts';
import { helpTopic } from './help-topic.ts';
import { importSpec } from './import-spec.ts';
import { importTask } from './import-task.ts';
import { laterSignatures } from './later.ts';
import { launchInstance } from './launch-instance.ts';
import { launchSwarm } from './launch-swarm.ts';
import { lintSpec } from './lint-spec.ts';
import { listAdapter } from './list-adapter.ts';
import { listAlert } from './list-alert.ts';
import { listBranch } from './list-branch.ts';
import { listColor } from './list-color.ts';
import { listConfig } from './list-config.ts';
import { listConflict } from './list-conflict.ts';
import { listEvent } from './list-event.ts';
import { listFailure } from './list-failure.ts';
import { listGroup } from './list-group.ts';
import { listInstance } from './list-instance.ts';
import { listIntegration } from './list-integration.ts';
import { listLog } from './list-log.ts';
import { listMode } from './list-mode.ts';
import { listPlan } from './list-plan.ts';
import { listProtocol } from './list-protocol.ts';
import { listSession } from './list-session.ts';
import { listSpec } from './list-spec.ts';
import { listTask } from './list-task.ts';
import { listWorktree } from './list-worktree.ts';
import { mergeBranch } from './merge-branch.ts';
import { pauseGroup } from './pause-group.ts';
import { pauseInstance } from './pause-instance.ts';
import { pauseSwarm } from './pause-swarm.ts';
import { pauseTask } from './pause-task.ts';
import { planSpec } from './plan-spec.ts';
import { planTask } from './plan-task.ts';
import { previewCommand } from './preview-command.ts';
import { reassignTask } from './reassign-task.ts';
import { rebuildState } from './rebuild-state.ts';
import { removeConfig } from './remove-config.ts';
import { removeGroup } from './remove-group.ts';
import { removeInstance } from './remove-instance.ts';
import { removeTask } from './remove-task.ts';
import { removeWorktree } from './remove-worktree.ts';
import { reportProgress } from './report-progress.ts';
import { reportResult } from './report-result.ts';
import { reportUsage } from './report-usage.ts';
import { resetSession } from './reset-session.ts';
import { restartInstance } from './restart-instance.ts';
import { resumeGroup } from './resume-group.ts';
import { resumeInstance } from './resume-instance.ts';
import { resumeSwarm } from './resume-swarm.ts';
import { resumeTask } from './resume-task.ts';
import { retryTask } from './retry-task.ts';
import { runTask } from './run-task.ts';
import { scaleInstance } from './scale-instance.ts';
import { setConfig } from './set-config.ts';
import { setInstance } from './set-instance.ts';
import { setTask } from './set-task.ts';
import { showAdapter } from './show-adapter.ts';
import { showAlert } from './show-alert.ts';
import { showBranch } from './show-branch.ts';
import { showBrief } from './show-brief.ts';
import { showColor } from './show-color.ts';
import { showConfig } from './show-config.ts';
import { showConflict } from './show-conflict.ts';
import { showDiff } from './show-diff.ts';
import { showEvent } from './show-event.ts';
import { showFailure } from './show-failure.ts';
import { showGroup } from './show-group.ts';
import { showInstance } from './show-instance.ts';
import { showIntegration } from './show-integration.ts';
import { showLog } from './show-log.ts';
import { showMode } from './show-mode.ts';
import { showPlan } from './show-plan.ts';
import { showProtocol } from './show-protocol.ts';
import { showResult } from './show-result.ts';
import { showSession } from './show-session.ts';
import { showSpec } from './show-spec.ts';
import { showSwarm } from './show-swarm.ts';
import { showTask } from './show-task.ts';
import { showWorktree } from './show-worktree.ts';
import { statusDaemon } from './status-daemon.ts';
import { statusGit } from './status-git.ts';
import { statusGroup } from './status-group.ts';
import { statusInstance } from './status-instance.ts';
import { statusProtocol } from './status-protocol.ts';
import { statusSpec } from './status-spec.ts';
import { statusSwarm } from './status-swarm.ts';
import { statusTask } from './status-task.ts';
import { statusWorktree } from './status-worktree.ts';
import { stopDaemon } from './stop-daemon.ts';
import { stopGroup } from './stop-group.ts';
import { stopInstance } from './stop-instance.ts';
import { stopSwarm } from './stop-swarm.ts';
import { stopTask } from './stop-task.ts';
import { tellGroup } from './tell-group.ts';
import { tellInstance } from './tell-instance.ts';
import { testProtocol } from './test-protocol.ts';
import { testSwarm } from './test-swarm.ts';
import { topInstance } from './top-instance.ts';
import { treeWorktree } from './tree-worktree.ts';
import { unarchiveTask } from './unarchive-task.ts';
import { unassignTask } from './unassign-task.ts';

/** Every command. The order is the order of `help`; test/commands/registry.test.ts fails when a file is missing here. */
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
  listSession,
  showSession,
  attachSession,
  detachSession,
  resetSession,
  cleanSession,
  listWorktree,
  showWorktree,
  statusWorktree,
  treeWorktree,
  createWorktree,
  removeWorktree,
  listBranch,
  showBranch,
  createBranch,
  statusGit,
  importSpec,
  lintSpec,
  showSpec,
  statusSpec,
  planSpec,
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
  reportProgress,
  reportResult,
  reportUsage,
  costSwarm,
  costInstance,
  costTask,
  mergeBranch,
  listIntegration,
  showIntegration,
  listConflict,
  showConflict,
  listFailure,
  showFailure,
  listAlert,
  showAlert,
  clearAlert,
  listEvent,
  showEvent,
  listSpec,
  listPlan,
  showPlan,
  listAdapter,
  showAdapter,
  listMode,
  showMode,
  listColor,
  showColor,
  listConfig,
  getConfig,
  showConfig,
  setConfig,
  removeConfig,
  listLog,
  showLog,
  statusDaemon,
  statusProtocol,
  listProtocol,
  showProtocol,
  stopDaemon,
  rebuildState,
  helpTopic,
  previewCommand,
  testProtocol,
  testSwarm,
];

const key = (of: { verb: string; noun: string }) => `${of.verb} ${of.noun}`;
const present = new Set(commands.map(key));

/** What is understood: every command there is, and the words of those that are still to come. */
export const registry: Registry = {
  commands,
  signatures: [...commands.map(signatureOf), ...laterSignatures.filter((one) => !present.has(key(one)))],
};
