import type { Command } from 'commander';
import type { OrchestratorCommand } from '@singularity-workflow/sdk/client';
import { duration, wholeNumber } from '../arguments.js';
import { contextOf, type Context } from '../context.js';
import type { Row, Terminal } from '../terminal.js';

interface WishOptions {
  worker?: string;
  group?: string;
  drain?: number;
  lease?: string;
  reason?: string;
  wait: boolean;
}

export function orchestrator(program: Command, terminal: Terminal): void {
  const group = program.command('orchestrator').description('who leads; stop, promote and fence');
  status(group, terminal);
  lists(group, terminal);

  const whom = (name: string, description: string): Command =>
    wish(group.command(name).description(description))
      .option('--worker <worker_id>', 'of all that is there, this worker (promote: its group)')
      .option('--group <group>', 'this group')
      .option('--drain <duration>', 'what runs may finish for so long; then it is given back', duration);
  act(
    whom('stop', 'drain the group that leads, another one, or one worker'),
    terminal,
    ({ client }, { worker: worker_id, group: name, drain: drain_ms, reason }) =>
      client.orchestrators.stop({ worker_id, group: name, drain_ms, reason }),
  );
  act(
    whom('promote', 'hand the lease over in order, by default to the best standby'),
    terminal,
    ({ client }, { worker: worker_id, group: name, drain: drain_ms, reason }) =>
      client.orchestrators.promote({ worker_id, group: name, drain_ms, reason }),
  );
  act(
    wish(group.command('fence').description('raise the token of a lease, so that everybody must acquire it anew')).option(
      '--lease <lease>',
      'orchestrator:leader (default), scheduler or failover-monitor',
    ),
    terminal,
    ({ client }, { lease, reason }) => client.orchestrators.fence({ lease, reason }),
  );
}

const wish = (command: Command): Command =>
  command.option('--reason <sentence>', 'is recorded').option('--no-wait', 'do not wait for its end');

type Ask = (context: Context, options: WishOptions) => Promise<OrchestratorCommand>;

/** Asks, waits for the end unless told otherwise, and shows what became of it; what failed ends with an error. */
function act(command: Command, terminal: Terminal, ask: Ask): void {
  command.action(async (options: WishOptions) => {
    const context = contextOf(command, terminal);
    const asked = await ask(context, options);
    const ended = options.wait ? await context.client.orchestrators.waitFor(asked.command_id) : asked;
    context.show(ended, (one) => [commandRow(one)]);
    if (ended.state === 'failed') command.error(`${ended.kind} failed: ${ended.outcome}`, { exitCode: 2 });
  });
}

function commandRow({ command_id, kind, lease, group, worker_id, state, outcome }: OrchestratorCommand): Row {
  return { command_id, kind, of: group ?? worker_id ?? lease, state, outcome };
}

function status(group: Command, terminal: Terminal): void {
  group
    .command('status')
    .description('leases and groups')
    .action(async (_options: object, command: Command) => {
      const { client, show, json } = contextOf(command, terminal);
      const answer = await client.orchestrators.leaders();
      show(answer, ({ leases }) =>
        leases.map(({ name, leader, leader_state, token, expires_at }) => ({ name, leader, leader_state, token, expires_at })),
      );
      if (json) return;
      if (answer.groups.length > 0) show(answer, ({ groups }) => groups);
      for (const { command_id, kind, state } of answer.commands) terminal.err(`${kind} is ${state} (${command_id})`);
      for (const { worker_id, lease, believed, token } of answer.split_brains) {
        terminal.err(`split brain: ${worker_id} believes that it leads ${lease} with token ${believed}; its token is ${token}`);
      }
    });
}

function lists(group: Command, terminal: Terminal): void {
  group
    .command('commands')
    .description('what was asked, newest first')
    .option('--limit <number>', 'at most 200', wholeNumber, 20)
    .action(async (options: { limit: number }, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      show(await client.orchestrators.commands(options), ({ commands }) =>
        commands.map((one) => ({ requested_at: one.requested_at, ...commandRow(one) })),
      );
    });
  group
    .command('events')
    .description('who led, who died, what was decided and why, newest first')
    .option('--limit <number>', 'at most 200', wholeNumber, 20)
    .action(async (options: { limit: number }, command: Command) => {
      const { client, show } = contextOf(command, terminal);
      show(await client.orchestrators.events(options), ({ events }) =>
        events.map(({ at, kind, subject, reason }) => ({ at, kind, subject, reason })),
      );
    });
}
