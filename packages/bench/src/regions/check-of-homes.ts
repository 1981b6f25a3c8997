// Takes the check of homes out of a database of the bench's own and puts it back: what is left without it is what it costs. Functions are replaced by ones of
// the same name and kind that look at nothing. `start_tasks` keeps one look at an empty table, and completions the gathering of what they ask about.
import type { Sql } from '../database.js';

const BODIES: Readonly<Record<string, string>> = {
  assert_home: 'begin return query select distinct t.tenant_id, 1::bigint, 0::bigint from unnest(p_tenants) as t(tenant_id); end',
  all_at_home: 'begin return true; end',
  messages_at_home: 'begin return p_messages; end',
  lease_left_ms: 'begin return 2147483647; end',
};
const TEXTS = `
  select p.proname as name, pg_get_functiondef(p.oid) as text
    from pg_proc p where p.pronamespace = 'workflow'::regnamespace and p.proname = any ($1)`;

export class CheckOfHomes {
  private constructor(
    private readonly sql: Sql,
    private readonly texts: ReadonlyMap<string, string>,
  ) {}

  static async of(sql: Sql): Promise<CheckOfHomes> {
    const rows = await sql.rows<{ name: string; text: string }>(TEXTS, [Object.keys(BODIES)]);
    for (const name of Object.keys(BODIES)) {
      const found = rows.filter((row) => row.name === name);
      if (found.length !== 1 || !BODY.test(found[0]!.text)) throw new Error(`workflow.${name} is not the one function that was expected`);
    }
    return new CheckOfHomes(sql, new Map(rows.map(({ name, text }) => [name, text])));
  }

  async takeOut(): Promise<void> {
    for (const [name, text] of this.texts) await this.sql.run(text.replace(BODY, () => `AS $function$ ${BODIES[name]!} $function$`));
  }

  async putBack(): Promise<void> {
    for (const text of this.texts.values()) await this.sql.run(text);
  }
}

const BODY = /AS \$function\$[\s\S]*\$function\$/;
