import { duties } from './stories.duties.js';
import { reads } from './stories.reads.js';
import { claims, completions, failures, heartbeats } from './stories.reports.js';
import { operations, starts } from './stories.runs.js';
import type { Story } from './story.js';

/** Every hot call, and those that must not get in its way. */
export const stories: readonly Story[] = [
  ...starts,
  ...claims,
  ...completions,
  ...failures,
  ...heartbeats,
  ...operations,
  ...duties,
  ...reads,
];
