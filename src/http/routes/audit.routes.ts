import { AuditResponse } from '../../domain/audit/finding.schema.ts';
import { API, type App, type RouteDeps } from '../app.ts';
import { presentAudit } from '../presenters/audit.presenter.ts';
import { PROBLEMS } from '../request-schemas.ts';

/** Hopper's promises, held against what is on record. */
export function auditRoutes(app: App, { service: { audit } }: RouteDeps): void {
  app.get(
    `${API}/audit`,
    {
      schema: {
        summary: 'Hold every promise against the records and against Temporal',
        response: { 200: AuditResponse, ...PROBLEMS },
      },
    },
    async () => presentAudit(await audit.run()),
  );
}
