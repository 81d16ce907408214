import { HealthResponse, ReadinessResponse } from '../domain/health.schema.ts';
import { DelegationsClient } from './delegations-client.ts';
import { InstancesClient } from './instances-client.ts';
import { AuditClient } from './audit-client.ts';
import { PolicyClient } from './policy-client.ts';
import { RoutesClient } from './routes-client.ts';
import { LeasesClient } from './leases-client.ts';
import { TasksClient } from './tasks-client.ts';
import { type HopperClientOptions, Transport } from './transport.ts';

export { HopperApiError, HopperUnreachableError } from './api-error.ts';

/** Hopper over HTTP: the same verbs as the API, typed by its schemas. */
export class HopperClient {
  readonly tasks: TasksClient;
  readonly delegations: DelegationsClient;
  readonly instances: InstancesClient;
  readonly policy: PolicyClient;
  readonly routes: RoutesClient;
  readonly leases: LeasesClient;
  readonly audit: AuditClient;
  readonly #transport: Transport;

  constructor(options: HopperClientOptions) {
    this.#transport = new Transport(options);
    this.tasks = new TasksClient(this.#transport);
    this.delegations = new DelegationsClient(this.#transport);
    this.instances = new InstancesClient(this.#transport);
    this.policy = new PolicyClient(this.#transport);
    this.routes = new RoutesClient(this.#transport);
    this.leases = new LeasesClient(this.#transport);
    this.audit = new AuditClient(this.#transport);
  }

  /** Where the server is. */
  get url(): string {
    return this.#transport.url;
  }

  async health(): Promise<void> {
    await this.#transport.call({ path: '/healthz', answer: HealthResponse });
  }

  /** Throws HopperApiError 503 while the database or Temporal is away. */
  readiness(): Promise<ReadinessResponse> {
    return this.#transport.call({ path: '/readyz', answer: ReadinessResponse });
  }
}
