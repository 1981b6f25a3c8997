import { getMetadataArgsStorage } from 'typeorm';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { ENTITIES } from '../../src/entities/index.js';

const server = useTestDatabase();

interface ColumnSeen {
  column: string;
  type: string;
  nullable: boolean;
  key: boolean;
}

const CATALOG = `
  select a.attname as column, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
         exists (select from pg_index i where i.indrelid = a.attrelid and i.indisprimary and a.attnum = any (i.indkey)) as key
    from pg_attribute a
   where a.attrelid = ('workflow.' || $1)::regclass and a.attnum > 0 and not a.attisdropped
   order by a.attname`;

const CATALOG_NAME: Record<string, string> = { timestamptz: 'timestamp with time zone' };

function columnsOf(entity: object): ColumnSeen[] {
  return getMetadataArgsStorage()
    .columns.filter(({ target }) => target === entity)
    .map(({ propertyName, options }) => ({
      column: options.name ?? propertyName,
      type: (CATALOG_NAME[String(options.type)] ?? String(options.type)) + (options.array === true ? '[]' : ''),
      nullable: options.nullable === true,
      key: options.primary === true,
    }))
    .toSorted((a, b) => (a.column < b.column ? -1 : 1));
}

const tableOf = (entity: object): string => getMetadataArgsStorage().tables.find(({ target }) => target === entity)!.name!;

describe('an entity', () => {
  it.each(ENTITIES.map((entity) => [entity.name, entity] as const))(
    '%s has the columns, types, nulls and key of its table',
    async (_, entity) => {
      const catalog = await server.sql<ColumnSeen>(CATALOG, [tableOf(entity)]);
      expect(columnsOf(entity)).toEqual(catalog.toSorted((a, b) => (a.column < b.column ? -1 : 1)));
    },
  );

  it('names its columns as the wire does: the property is the column in camelCase', () => {
    for (const { propertyName, options } of getMetadataArgsStorage().columns) {
      const column = options.name ?? propertyName;
      expect(column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())).toBe(propertyName);
    }
  });
});
