// What the files of metrics share.
import type { Registry } from 'prom-client';

export const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export type App = 'router' | 'scheduler' | 'executor' | 'failover-monitor';
/** Where a metric is exposed: in the registry of the apps that cause it, nowhere else (it can be counted there all the same). */
export type In = (...apps: App[]) => { registers: Registry[] };
