// Markdown tables.

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');

/** @param {string[]} heading @param {unknown[][]} rows */
export function table(heading, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heading), `|${heading.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export const code = (text) => `\`${text}\``;
