// What of a plan must not change unnoticed: by which index, and by how many of its columns, a table that grows is read, and what it is joined with.

/** Tables that grow with runs, definitions or waiting work. Others (workers, limits, leases) fit a page or two. */
const GROWING =
  /^(workflow_runs|step_states|step_tasks|step_attempts|run_timers|run_deletions|claims|workflow_steps|workflow_step_dependencies|q_\*)$/;
const NODE =
  /^(?<indent> *)- (?:[^:]+: )?(?<kind>[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*)[a-z ]*?(?: on (?<table>[\w*.]+)(?: \w+)?)?(?: by (?<index>[\w*]+))?$/;
const WHEN = /^ *when (?<condition>.*)$/;
const KEY = /\(*([a-z]\w*|message ->> '\w+'::text)\)* (?:=|<|>|<=|>=|@>)/g;

interface Node {
  readonly depth: number;
  readonly kind: string;
  readonly table: string | undefined;
  readonly index: string | undefined;
  readonly keys: readonly string[];
}

function nodesOf(lines: readonly string[]): Node[] {
  return lines.flatMap((line, at) => {
    const found = NODE.exec(line)?.groups;
    if (found === undefined) return [];
    const condition = WHEN.exec(lines[at + 1] ?? '')?.groups?.['condition'] ?? '';
    const keys = new Set([...condition.matchAll(KEY)].map(([, key]) => key!.replace(/^message ->> '(\w+)'::text$/, '$1')));
    return { depth: found['indent']!.length, kind: found['kind']!, table: found['table'], index: found['index'], keys: [...keys] };
  });
}

const grows = ({ table }: Node): boolean => table !== undefined && GROWING.test(table);
const below = (nodes: readonly Node[], at: number): Node[] => {
  const end = nodes.findIndex(({ depth }, i) => i > at && depth <= nodes[at]!.depth);
  return nodes.slice(at + 1, end < 0 ? undefined : end);
};

/** An index, and the columns of it that narrow what is read. */
export interface Path {
  readonly index: string;
  readonly keys: readonly string[];
}

export interface Facts {
  readonly paths: readonly Path[];
  /** Sentences about what reads more than it returns. */
  readonly burdens: ReadonlySet<string>;
}

export function factsOf(lines: readonly string[]): Facts {
  const nodes = nodesOf(lines);
  const paths = nodes.flatMap(({ kind, index, table, keys }) =>
    index !== undefined && (kind === 'Bitmap Index Scan' || GROWING.test(table ?? '')) ? [{ index, keys }] : [],
  );
  const burdens = nodes.flatMap((node, at) => {
    // Without a condition an index is no better than the table: it is what is left where sequential scans are switched off.
    if (/^(Seq|Index|Index Only) Scan$/.test(node.kind) && grows(node) && node.keys.length === 0) return `reads the whole of ${node.table}`;
    if (!/^(Hash|Merge) /.test(node.kind)) return [];
    return below(nodes, at)
      .filter(grows)
      .map(({ table }) => `joins the whole of what it reads of ${table} (${node.kind})`);
  });
  return { paths, burdens: new Set(burdens) };
}
