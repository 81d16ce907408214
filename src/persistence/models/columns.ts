import type { Model, ModelStatic } from 'sequelize';

/** The columns of a model as SQL, each under its attribute's name behind a prefix, for rows that are mapped by hand. */
export function columnsOf(model: ModelStatic<Model>, table: string, prefix = ''): string {
  const attributes = Object.entries(model.getAttributes());
  return attributes.map(([name, { field = name }]) => `${table}.${field} AS "${prefix}${name}"`).join(', ');
}

/** The part of a row that is behind a prefix. */
export function behind(prefix: string, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(row).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}
