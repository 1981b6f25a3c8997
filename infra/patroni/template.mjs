// The files beside this one with their ${PLACES} filled in, as `envsubst` would, but for a place that nobody fills: that is a mistake.
import { readFileSync } from 'node:fs';

/** @param {Record<string, string | number>} values */
export function fillIn(name, values) {
  const text = readFileSync(new URL(name, import.meta.url), 'utf8');
  const filled = text.replaceAll(/\$\{(\w+)\}/g, (_, place) => {
    if (!(place in values)) throw new Error(`${name}: nothing is given for ${place}`);
    return String(values[place]);
  });
  return filled;
}
