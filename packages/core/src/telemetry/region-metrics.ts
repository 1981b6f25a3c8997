// Metrics of several regions, all of the failover-monitor that leads: links with the others, how the region stands in the mesh, what was decided.
import { Counter, Gauge, Histogram } from 'prom-client';
import { type In, SECONDS } from './metric-parts.js';

export function linkMetrics(by: In) {
  const labelNames = ['peer'] as const;
  return {
    linkUp: new Gauge({
      name: 'region_link_up',
      help: '1: the other region reads from this one, its slot is valid, and all that it lacked was copied.',
      labelNames,
      ...by('failover-monitor'),
    }),
    linkLagBytes: new Gauge({
      name: 'region_link_lag_bytes',
      help: 'Log of this region that the other one has not confirmed.',
      labelNames,
      ...by('failover-monitor'),
    }),
    linkLagSeconds: new Gauge({
      name: 'region_link_lag_seconds',
      help: 'How long the oldest second of this region that the other one has not confirmed has been over.',
      labelNames,
      ...by('failover-monitor'),
    }),
    linkLogLeftBytes: new Gauge({
      name: 'region_link_log_left_bytes',
      help: "Log that this region may still write before the other one's slot is lost and its link is copied anew; not shown without a bound.",
      labelNames,
      ...by('failover-monitor'),
    }),
    linkErrors: new Gauge({
      name: 'region_link_errors',
      help: 'Transactions and copies of the other region that failed here and were tried again.',
      labelNames,
      ...by('failover-monitor'),
    }),
    linkUpdatesMissing: new Gauge({
      name: 'region_link_updates_missing',
      help: 'Updates of the other region whose row is not here: each is a row that differs.',
      labelNames,
      ...by('failover-monitor'),
    }),
    linkConflicts: new Gauge({
      name: 'region_link_conflicts',
      help: 'Conflicts that PostgreSQL counted while it applied rows of the other region; the guards decide before it counts.',
      labelNames,
      ...by('failover-monitor'),
    }),
    linksWaiting: new Gauge({
      name: 'region_links_waiting',
      help: 'Links that are not made, or not whole, for a reason that does not go away by itself; /health says which.',
      ...by('failover-monitor'),
    }),
    settingsWrong: new Gauge({
      name: 'region_settings_wrong',
      help: 'Settings of the server that several regions need otherwise; /health names them.',
      ...by('failover-monitor'),
    }),
  };
}

export function standingMetrics(by: In) {
  const exposed = by('failover-monitor');
  return {
    regionLeaseLeftSeconds: new Gauge({
      name: 'region_lease_left_seconds',
      help: 'How long this region may go on executing without another round of grants; 0: it may execute nothing.',
      labelNames: ['region'],
      ...exposed,
    }),
    regionEpoch: new Gauge({
      name: 'region_epoch',
      help: 'The last decision of the mesh that this region knows.',
      labelNames: ['region'],
      ...exposed,
    }),
    regionMembers: new Gauge({ name: 'region_members', help: 'Regions of the mesh, by their state.', labelNames: ['state'], ...exposed }),
    regionSuspected: new Gauge({
      name: 'region_suspected',
      help: '1: this region suspects that the other one is lost.',
      labelNames: ['peer'],
      ...exposed,
    }),
    regionSealed: new Gauge({
      name: 'region_sealed',
      help: '1: this region grants the other one no lease, and holds the link from it closed.',
      labelNames: ['peer'],
      ...exposed,
    }),
    regionGroups: new Gauge({
      name: 'region_groups',
      help: 'Placement groups that are at home in this region, adopted or not.',
      labelNames: ['region'],
      ...exposed,
    }),
    regionGroupsToAdopt: new Gauge({
      name: 'region_groups_to_adopt',
      help: 'Placement groups that this region took over and has not adopted yet: nothing of them is executed.',
      labelNames: ['region'],
      ...exposed,
    }),
    regionRunsToAdopt: new Gauge({
      name: 'region_runs_to_adopt',
      help: 'Runs that are to be adopted and were found so far: of those groups, or late ones.',
      labelNames: ['region'],
      ...exposed,
    }),
  };
}

export function decisionMetrics(by: In) {
  const exposed = by('failover-monitor');
  return {
    regionLeaseLost: new Counter({
      name: 'region_lease_lost_total',
      help: 'Times that this region had its lease and lost it.',
      ...exposed,
    }),
    regionDecisions: new Counter({
      name: 'region_decisions_total',
      help: 'Decisions of the mesh that this process brought about.',
      labelNames: ['kind'],
      ...exposed,
    }),
    regionDecisionSeconds: new Histogram({
      name: 'region_decision_seconds',
      help: 'From the first ballot of a decision that this process brought about to its end.',
      labelNames: ['kind'],
      buckets: SECONDS,
      ...exposed,
    }),
  };
}
