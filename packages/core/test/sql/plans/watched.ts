// A session whose every statement, those inside functions too, tells the plan that it ran with: auto_explain, read through notices.
import pg from 'pg';

export interface PlanNode {
  'Node Type': string;
  'Total Cost': number;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  Plans?: PlanNode[];
  [property: string]: unknown;
}

/** A property that holds text: conditions, names. */
export const textIn = (node: PlanNode, property: string): string | undefined => {
  const value = node[property];
  return typeof value === 'string' ? value : undefined;
};

export interface Statement {
  /** The SQL function that it stands in; null: the caller sent it. */
  readonly fn: string | null;
  readonly text: string;
  readonly plan: PlanNode;
}

const SETTINGS = `
  load 'auto_explain';
  set auto_explain.log_nested_statements = on;
  set auto_explain.log_format = json;
  set auto_explain.log_level = notice;
  set auto_explain.log_timing = off;
  set auto_explain.log_parameter_max_length = 0;
  set client_min_messages = notice;`;

/** The innermost frame of what the server was doing when it told. */
const FRAME = /^(?:PL\/pgSQL function workflow\.(\w+)\(|SQL function "(\w+)")/m;

export class WatchedSession {
  private statements: Statement[] = [];

  private constructor(private readonly client: pg.Client) {
    client.on('notice', ({ message, where }) => {
      const start = message?.indexOf('{') ?? -1;
      if (!message?.includes('plan:') || start < 0) return;
      const explained = JSON.parse(message.slice(start)) as { 'Query Text': string; Plan: PlanNode };
      const frame = FRAME.exec(where ?? '');
      this.statements.push({ fn: frame?.[1] ?? frame?.[2] ?? null, text: explained['Query Text'], plan: explained.Plan });
    });
  }

  static async open(url: string): Promise<WatchedSession> {
    const client = new pg.Client({ connectionString: url, application_name: 'plans' });
    await client.connect();
    await client.query(SETTINGS);
    return new WatchedSession(client);
  }

  async sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.client.query(text, values)).rows as T[];
  }

  /** What ran while `work` did. `counting`: with rows and buffers as they were, not only as they were expected. */
  async watch(work: () => Promise<unknown>, { counting = false } = {}): Promise<Statement[]> {
    this.statements = [];
    await this.sql(
      `set auto_explain.log_analyze = ${counting}; set auto_explain.log_buffers = ${counting}; set auto_explain.log_min_duration = 0`,
    );
    try {
      await work();
    } finally {
      await this.sql('set auto_explain.log_min_duration = -1');
    }
    return this.statements;
  }

  /** What `work` did is taken back. */
  async undone<T>(work: () => Promise<T>): Promise<T> {
    await this.sql('begin');
    try {
      return await work();
    } finally {
      await this.sql('rollback');
    }
  }

  close(): Promise<void> {
    return this.client.end();
  }
}
