export { drainWorkflow } from './drain.workflow.ts';
export { taskWorkflow } from './task.workflow.ts';
