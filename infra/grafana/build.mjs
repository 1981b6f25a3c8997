// Dashboards as Grafana reads them, from dashboards.mjs: `node infra/grafana/build.mjs`. A test compares what lies in dashboards/ with it.
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dashboards } from './dashboards.mjs';

const datasource = { type: 'prometheus', uid: 'prometheus' };
const COLUMNS = 24;
const SIZE = { stat: { w: 6, h: 4 }, timeseries: { w: 12, h: 8 } };

/** Left to right, then the next row; a row is as high as its first panel. */
function places(panels) {
  let [x, y, height] = [0, 0, 0];
  return panels.map(({ kind = 'timeseries' }) => {
    const { w, h } = SIZE[kind];
    if (x + w > COLUMNS || (x > 0 && h !== height)) [x, y] = [0, y + height];
    const place = { x, y, w, h };
    [x, height] = [x + w, h];
    return place;
  });
}

function panelOf({ title, kind = 'timeseries', queries, unit }, at, gridPos) {
  return {
    id: at + 1,
    title,
    type: kind,
    datasource,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    targets: queries.map(({ expr, legend }, number) => ({
      refId: String.fromCodePoint(65 + number),
      datasource,
      expr,
      legendFormat: legend,
    })),
  };
}

/** @returns {Map<string, string>} file name -> text */
export function build() {
  return new Map(
    dashboards.map(({ file, title, panels }) => {
      const grid = places(panels);
      const dashboard = {
        uid: `workflow-${file}`,
        title,
        tags: ['singularity-workflow'],
        schemaVersion: 39,
        refresh: '15s',
        time: { from: 'now-1h', to: 'now' },
        panels: panels.map((panel, at) => panelOf(panel, at, grid[at])),
      };
      return [`${file}.json`, `${JSON.stringify(dashboard, null, 2)}\n`];
    }),
  );
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  for (const [file, text] of build()) writeFileSync(new URL(`dashboards/${file}`, import.meta.url), text);
}
