import { answerInstance } from './answer-instance.ts';
import { assignTask } from './assign-task.ts';
import { attachInstance } from './attach-instance.ts';
import { clearAlert } from './clear-alert.ts';
import { createTask } from './create-task.ts';
import { type Command, type Registry, signatureOf } from './define.ts';
import { helpTopic } from './help-topic.ts';
import { importSpec } from './import-spec.ts';
import { laterSignatures } from './later.ts';
import { launchInstance } from './launch-instance.ts';
import { listAdapter } from './list-adapter.ts';
import { listAlert } from './list-alert.ts';
import { listColor } from './list-color.ts';
import { listEvent } from './list-event.ts';
import { listInstance } from './list-instance.ts';
import { listIntegration } from './list-integration.ts';
import { listSpec } from './list-spec.ts';
import { listTask } from './list-task.ts';
import { mergeBranch } from './merge-branch.ts';
import { planTask } from './plan-task.ts';
import { previewCommand } from './preview-command.ts';
import { reassignTask } from './reassign-task.ts';
import { rebuildState } from './rebuild-state.ts';
import { removeInstance } from './remove-instance.ts';
import { removeTask } from './remove-task.ts';
import { reportProgress } from './report-progress.ts';
import { reportResult } from './report-result.ts';
import { restartInstance } from './restart-instance.ts';
import { retryTask } from './retry-task.ts';
import { runTask } from './run-task.ts';
import { scaleInstance } from './scale-instance.ts';
import { setTask } from './set-task.ts';
import { showBrief } from './show-brief.ts';
import { showInstance } from './show-instance.ts';
import { showIntegration } from './show-integration.ts';
import { showLog } from './show-log.ts';
import { showResult } from './show-result.ts';
import { showTask } from './show-task.ts';
import { statusDaemon } from './status-daemon.ts';
import { statusInstance } from './status-instance.ts';
import { statusSwarm } from './status-swarm.ts';
import { statusTask } from './status-task.ts';
import { stopDaemon } from './stop-daemon.ts';
import { stopInstance } from './stop-instance.ts';
import { stopSwarm } from './stop-swarm.ts';
import { stopTask } from './stop-task.ts';
import { tellInstance } from './tell-instance.ts';
import { testProtocol } from './test-protocol.ts';
import { testSwarm } from './test-swarm.ts';
import { unassignTask } from './unassign-task.ts';

/** Every command. The order is the order of `help`; test/commands/registry.test.ts fails when a file is missing here. */
export const commands: readonly Command[] = [
  launchInstance,
  scaleInstance,
  runTask,
  statusSwarm,
  listInstance,
  showInstance,
  statusInstance,
  attachInstance,
  tellInstance,
  answerInstance,
  stopInstance,
  restartInstance,
  removeInstance,
  stopSwarm,
  importSpec,
  createTask,
  listTask,
  showTask,
  statusTask,
  planTask,
  assignTask,
  unassignTask,
  reassignTask,
  setTask,
  retryTask,
  stopTask,
  removeTask,
  showBrief,
  showResult,
  reportProgress,
  reportResult,
  mergeBranch,
  listIntegration,
  showIntegration,
  listAlert,
  clearAlert,
  listEvent,
  listSpec,
  listAdapter,
  listColor,
  showLog,
  statusDaemon,
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
