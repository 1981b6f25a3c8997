// Which metrics an expression asks for, and with which labels. No parser of PromQL: what is neither a function, a keyword, a text nor a label list is a
// metric.

export interface Asked {
  readonly metric: string;
  readonly labels: readonly string[];
}

const KEYWORDS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'or', 'and', 'unless', 'offset', 'bool']);
const GROUPING = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const DURATION = /\[[^\]]*\]|\b\d+(ms|[smhdwy])\b/g;

const labelsOf = (matchers: string): string[] => [...matchers.matchAll(/([a-z_]\w*)\s*(?:=~|!~|!=|=)\s*"/gi)].map(([, label]) => label!);

export function askedBy(expr: string): { asked: Asked[]; groupedBy: string[] } {
  const matchers: string[] = [];
  const bare = expr.replaceAll(/\{[^}]*\}/g, (list) => `{${matchers.push(list) - 1}}`).replaceAll(/"[^"]*"/g, ' ');
  const groupedBy = [...bare.matchAll(GROUPING)].flatMap(([, labels]) => labels!.split(',').map((label) => label.trim())).filter(Boolean);
  const names = bare
    .replaceAll(GROUPING, ' ')
    .replaceAll(DURATION, ' ')
    .matchAll(/(?<![\w.])([a-z_:][\w:]*)\s*(\{\d+\}|\()?/gi);
  const asked = [...names]
    .filter(([, name, follows]) => follows !== '(' && !KEYWORDS.has(name!))
    .map(([, metric, list]) => ({ metric: metric!, labels: list === undefined ? [] : labelsOf(matchers[Number(list.slice(1, -1))]!) }));
  return { asked, groupedBy };
}
