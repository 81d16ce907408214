import type { Model, ModelStatic } from 'sequelize';

/** The columns of a model as SQL, each under its attribute's name, for rows that are mapped by hand. */
export function columnsOf(model: ModelStatic<Model>, table: string): string {
  const attributes = Object.entries(model.getAttributes());
  return attributes.map(([name, { field = name }]) => `${table}.${field} AS "${name}"`).join(', ');
}

/** The columns of a model as the arguments of `json_build_object`, each under its attribute's name. */
export function fieldsOf(model: ModelStatic<Model>, table: string): string {
  const attributes = Object.entries(model.getAttributes());
  return attributes.map(([name, { field = name }]) => `'${name}', ${table}.${field}`).join(', ');
}
