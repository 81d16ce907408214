import { z } from 'zod';
import {
  DelegationChainResponse,
  TaskDelegationCreate,
  TaskDelegationResponse,
} from '../../domain/delegation.schema.ts';
import { ExplanationResponse } from '../../domain/explain/explanation.schema.ts';
import { InstanceEventResponse, TaskEventResponse } from '../../domain/event.schema.ts';
import { InstanceCreate, InstancePatch, InstanceResponse, InstanceTreeResponse } from '../../domain/instance.schema.ts';
import { ProblemResponse } from '../../domain/problem.schema.ts';
import { KeptPolicyResponse, PolicyPublish, PolicyResponse } from '../../domain/published-policy.schema.ts';
import { PreviewBody, RoutePreviewResponse } from '../../domain/route-preview.schema.ts';
import { DecisionResponse } from '../../domain/routing-decision.schema.ts';
import { TaskCreate, TaskPatch, TaskResponse } from '../../domain/task.schema.ts';
import type { DeclaredRoute } from '../route-table.ts';
import { Components } from './components.ts';

const NAMES = new Map<z.ZodType, string>([
  [TaskCreate, 'TaskCreate'],
  [TaskPatch, 'TaskPatch'],
  [TaskResponse, 'Task'],
  [TaskDelegationCreate, 'TaskDelegationCreate'],
  [TaskDelegationResponse, 'TaskDelegation'],
  [DelegationChainResponse, 'DelegationChain'],
  [DecisionResponse, 'Decision'],
  [ExplanationResponse, 'Explanation'],
  [PreviewBody, 'RoutePreviewCreate'],
  [RoutePreviewResponse, 'RoutePreview'],
  [TaskEventResponse, 'TaskEvent'],
  [InstanceEventResponse, 'InstanceEvent'],
  [InstanceCreate, 'InstanceCreate'],
  [InstancePatch, 'InstancePatch'],
  [InstanceResponse, 'Instance'],
  [InstanceTreeResponse, 'InstanceTree'],
  [PolicyPublish, 'PolicyPublish'],
  [PolicyResponse, 'Policy'],
  [KeptPolicyResponse, 'KeptPolicy'],
  [ProblemResponse, 'Problem'],
]);

/** The OpenAPI 3.1 document of the declared routes; their zod schemas are its only source. */
export function openApiDocument(routes: readonly DeclaredRoute[]): Record<string, unknown> {
  const components = new Components(NAMES);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hopper',
      version: '1',
      description: 'A durable router of work. Errors are application/problem+json.',
    },
    paths,
    components: { schemas: components.schemas },
  };
}

function operation({ method, url, schema }: DeclaredRoute, components: Components): Record<string, unknown> {
  const operationId = operationIdOf(method, url);
  const { body, params, querystring, headers, response } = schema;
  const summary = 'summary' in schema ? schema.summary : undefined;
  return {
    operationId,
    summary,
    tags: [url.split('/')[3] ?? 'service'],
    parameters: [...parameters('path', params), ...parameters('query', querystring), ...parameters('header', headers)],
    ...(body instanceof z.ZodType && {
      requestBody: {
        required: !body.safeParse(null).success,
        content: { 'application/json': { schema: components.refer(body, `${operationId}Body`, 'input') } },
      },
    }),
    responses: responses(response, operationId, components),
  };
}

function operationIdOf(method: string, url: string): string {
  const words = url
    .replace('/api/v1', '')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '' && word !== 'id');
  return [
    method.toLowerCase(),
    ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
    ...(url.endsWith(':id') ? ['ById'] : []),
  ].join('');
}

function parameters(place: string, schema: unknown): readonly unknown[] {
  if (!(schema instanceof z.ZodType)) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}

function responses(response: unknown, operationId: string, components: Components): Record<string, unknown> {
  const entries = Object.entries(typeof response === 'object' && response !== null ? response : {});
  const written = entries.map(([status, schema]: [string, unknown]) => {
    const type = /^[45]xx$/.test(status) ? 'application/problem+json' : 'application/json';
    const described = schema instanceof z.ZodType ? components.refer(schema, `${operationId}Answer`, 'output') : {};
    return [status.toUpperCase(), { description: meaning(status), content: { [type]: { schema: described } } }];
  });
  return Object.fromEntries(written) as Record<string, unknown>;
}

function meaning(status: string): string {
  if (status === '201') return 'Created';
  if (status.startsWith('2')) return 'Done';
  return status.startsWith('4') ? 'The request cannot be carried out' : 'The server cannot carry it out now';
}
