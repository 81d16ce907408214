export { drainWorkflow } from './drain.workflow.ts';
export { reconcileWorkflow } from './reconcile.workflow.ts';
export { taskWorkflow } from './task.workflow.ts';
