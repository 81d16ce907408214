import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { DelegationChainResponse, type TaskDelegationCreate } from '../domain/delegation.schema.ts';
import { ExplanationResponse } from '../domain/explain/explanation.schema.ts';
import { TaskEventResponse } from '../domain/event.schema.ts';
import { AttemptResponse } from '../domain/lease.schema.ts';
import type { DecomposeInput } from '../domain/parts/part.schema.ts';
import { pageOf } from '../domain/page.schema.ts';
import { DecisionResponse } from '../domain/routing-decision.schema.ts';
import {
  type AnswerBody,
  type CancelBody,
  type CompleteBody,
  type EscalateBody,
  type FailBody,
  type RerouteBody,
  type TaskCreateInput,
  type TaskPatch,
  type TaskQuery,
  TaskResponse,
} from '../domain/task.schema.ts';
import { retrying } from './retry.ts';
import type { Transport } from './transport.ts';

const Tasks = pageOf(TaskResponse);
const Decisions = pageOf(DecisionResponse);
const TaskEvents = pageOf(TaskEventResponse);
const Attempts = pageOf(AttemptResponse);

/** Task commands may carry a key that makes their repeat safe. */
export interface CommandOptions {
  readonly idempotencyKey?: string;
}

/** `/api/v1/tasks`. */
export class TasksClient {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Submits a task under an id of the caller's or a new one, so that a repeat after a broken connection is safe. */
  submit(task: TaskCreateInput): Promise<TaskResponse> {
    const body = { ...task, id: task.id ?? uuidv7() };
    return retrying(() => this.#transport.call({ method: 'POST', path: '/api/v1/tasks', body, answer: TaskResponse }));
  }

  list(query: Partial<TaskQuery> = {}): Promise<z.infer<typeof Tasks>> {
    return this.#transport.call({ path: '/api/v1/tasks', query, answer: Tasks });
  }

  get(id: string): Promise<TaskResponse> {
    return this.#transport.call({ path: pathOf(id), answer: TaskResponse });
  }

  chain(id: string): Promise<DelegationChainResponse> {
    return this.#transport.call({ path: `${pathOf(id)}/chain`, answer: DelegationChainResponse });
  }

  decisions(id: string): Promise<z.infer<typeof Decisions>> {
    return this.#transport.call({ path: `${pathOf(id)}/decisions`, answer: Decisions });
  }

  events(id: string): Promise<z.infer<typeof TaskEvents>> {
    return this.#transport.call({ path: `${pathOf(id)}/events`, answer: TaskEvents });
  }

  /** In plain words: where it is, why it went there, and what it waits for. */
  explain(id: string): Promise<ExplanationResponse> {
    return this.#transport.call({ path: `${pathOf(id)}/explain`, answer: ExplanationResponse });
  }

  /** Who tried, and what came of it; the first attempt first. */
  attempts(id: string, options: { readonly signal?: AbortSignal } = {}): Promise<z.infer<typeof Attempts>> {
    return this.#transport.call({ ...options, path: `${pathOf(id)}/attempts`, answer: Attempts });
  }

  patch(id: string, patch: TaskPatch, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#transport.call({ ...options, method: 'PATCH', path: pathOf(id), body: patch, answer: TaskResponse });
  }

  complete(id: string, body: z.input<typeof CompleteBody> = {}, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#move(id, 'complete', body, options);
  }

  fail(id: string, body: z.input<typeof FailBody>, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#move(id, 'fail', body, options);
  }

  cancel(id: string, body: z.input<typeof CancelBody> = {}, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#move(id, 'cancel', body, options);
  }

  escalate(id: string, body: z.input<typeof EscalateBody>, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#move(id, 'escalate', body, options);
  }

  reroute(id: string, body: z.input<typeof RerouteBody> = {}, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#move(id, 'reroute', body, options);
  }

  /** Splits the task into parts and lets it wait for them. */
  decompose(id: string, body: DecomposeInput, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#move(id, 'decompose', body, options);
  }

  /** Submits a copy of a task that has ended, once, under a key of the caller's or a new one. */
  retry(id: string, { idempotencyKey = uuidv7() }: CommandOptions = {}): Promise<TaskResponse> {
    return retrying(() => this.#move(id, 'retry', {}, { idempotencyKey }));
  }

  /** Answers the open question of its worker. */
  answer(id: string, body: z.input<typeof AnswerBody>, options: CommandOptions = {}): Promise<TaskResponse> {
    return this.#move(id, 'answer', body, options);
  }

  /** Hands the task over to a named instance. */
  delegate(
    id: string,
    body: z.input<typeof TaskDelegationCreate>,
    options: CommandOptions = {},
  ): Promise<TaskResponse> {
    return this.#move(id, 'delegations', body, options);
  }

  #move(id: string, verb: string, body: unknown, options: CommandOptions): Promise<TaskResponse> {
    return this.#transport.call({
      ...options,
      method: 'POST',
      path: `${pathOf(id)}/${verb}`,
      body,
      answer: TaskResponse,
    });
  }
}

function pathOf(id: string): string {
  return `/api/v1/tasks/${encodeURIComponent(id)}`;
}
