import { z } from 'zod';

type JsonSchema = Record<string, unknown>;

/** The schemas of an OpenAPI document, each under a name of its own; the same schema is written once. */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};
  readonly #names: Map<z.ZodType, string>;
  readonly #known: ReadonlySet<string>;
  readonly #registry = z.registry<{ id: string }>();

  constructor(known: ReadonlyMap<z.ZodType, string>) {
    this.#names = new Map(known);
    this.#known = new Set(known.values());
    for (const [schema, id] of known) this.#registry.add(schema, { id });
  }

  /** A reference to the schema; one that is not known yet is entered under the name that is offered. */
  refer(schema: z.ZodType, offered: string, io: 'input' | 'output'): JsonSchema {
    const name = this.#names.get(schema) ?? offered;
    this.#names.set(schema, name);
    if (!(name in this.schemas)) this.#enter(schema, name, io);
    return { $ref: reference(name) };
  }

  #enter(schema: z.ZodType, name: string, io: 'input' | 'output'): void {
    const { $defs, ...written } = z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata: this.#registry });
    delete written.$schema;
    this.schemas[name] = this.#moved(written, name) as JsonSchema;
    for (const [part, definition] of Object.entries($defs ?? {})) {
      this.schemas[this.#nameOf(part, name)] ??= this.#moved(definition, name) as JsonSchema;
    }
  }

  /** zod refers to `#` and `#/$defs/x` of a document of its own, and writes the name as `id`; here all are components. */
  #moved(value: unknown, name: string): unknown {
    if (Array.isArray(value)) return value.map((member) => this.#moved(member, name));
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).filter(([key, member]) => key !== 'id' || typeof member !== 'string');
    return Object.fromEntries(
      members.map(([key, member]) => {
        if (key !== '$ref' || typeof member !== 'string') return [key, this.#moved(member, name)];
        return [key, member === '#' ? reference(name) : reference(this.#nameOf(member.slice('#/$defs/'.length), name))];
      }),
    );
  }

  #nameOf(part: string, owner: string): string {
    return this.#known.has(part) ? part : `${owner}.${part}`;
  }
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}
