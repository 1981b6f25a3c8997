import { Option, type Command } from 'commander';
import type { ChangeSchedule, Schedule, ScheduleSummary } from '@singularity-workflow/sdk/client';
import { duration, jsonOf, label, wholeNumber } from '../arguments.js';
import { contextOf } from '../context.js';
import { scheduleFacts, scheduleRow } from '../schedule-rows.js';
import type { Terminal } from '../terminal.js';

interface Whose {
  tenant: string;
}

interface FieldOptions extends Whose {
  cron?: string;
  timeZone?: string;
  workflow?: string;
  input?: string;
  workflowVersion?: number | 'active';
  priority?: NonNullable<ChangeSchedule['priority']>;
  label?: Record<string, string>;
  catchUp?: Schedule['catch_up'];
  catchUpMax?: number;
  jitter?: number;
}

export function schedule(program: Command, terminal: Terminal): void {
  const group = program.command('schedule').description('workflows that the clock starts');
  create(group, terminal);
  list(group, terminal);
  update(group, terminal);

  const show = (
    name: string,
    description: string,
    ask: (context: ReturnType<typeof contextOf>, which: string, whose: string) => Promise<Schedule>,
  ) =>
    ofOne(group.command(name).description(description)).action(async (which: string, { tenant }: Whose, command: Command) => {
      const context = contextOf(command, terminal);
      context.show(await ask(context, which, tenant), scheduleFacts);
    });
  show('show', 'one of them', ({ client }, name, tenant) => client.schedules.get(tenant, name));
  show('pause', 'fire no slot until it is resumed', ({ client }, name, tenant) => client.schedules.pause(tenant, name));
  show('resume', 'go on with the first slot from now on', ({ client }, name, tenant) => client.schedules.resume(tenant, name));

  ofOne(group.command('run').description('start one run now; its slots are not touched'))
    .option('-k, --key <key>', 'idempotency key')
    .action(async (name: string, { tenant, key }: Whose & { key?: string }, command: Command) => {
      const { client, show: print } = contextOf(command, terminal);
      const started = await client.schedules.run(tenant, name, key === undefined ? {} : { idempotencyKey: key });
      print(started, ({ run_id, status, existing }) => [{ run_id, status, existing }]);
    });

  ofOne(group.command('delete').description('forget it; its runs stay')).action(
    async (name: string, { tenant }: Whose, command: Command) => {
      await contextOf(command, terminal).client.schedules.delete(tenant, name);
      terminal.out(`${name} is deleted`);
    },
  );
}

function create(group: Command, terminal: Terminal): void {
  const command = group
    .command('create')
    .description('make one')
    .requiredOption('-c, --cron <expression>', 'five fields, six with seconds, or @daily and the like')
    .requiredOption('-w, --workflow <slug>', 'what it starts')
    .option('--paused', 'fire no slot until it is resumed', false);
  withFields(ofOne(command)).action(async (name: string, options: FieldOptions & { paused: boolean }, self: Command) => {
    const context = contextOf(self, terminal);
    const { tenant, cron = '', workflow = '', paused } = options;
    const fields = await fieldsOf(options, terminal);
    context.show(await context.client.schedules.create({ ...fields, tenant_id: tenant, name, cron, workflow, paused }), scheduleFacts);
  });
}

function update(group: Command, terminal: Terminal): void {
  const command = group
    .command('update')
    .description('change what is given; the rest stays')
    .option('-c, --cron <expression>', 'another expression; it begins anew from now')
    .option('-w, --workflow <slug>', 'another workflow');
  withFields(ofOne(command)).action(async (name: string, options: FieldOptions, self: Command) => {
    const context = contextOf(self, terminal);
    context.show(await context.client.schedules.update(options.tenant, name, await fieldsOf(options, terminal)), scheduleFacts);
  });
}

function list(group: Command, terminal: Terminal): void {
  group
    .command('list')
    .description('all of them, by tenant and name')
    .option('-t, --tenant <id>', 'of one tenant')
    .option('-w, --workflow <slug>', 'of one workflow')
    .option('--limit <number>', 'at most 200', wholeNumber, 50)
    .option('--cursor <cursor>', 'where the page before ended')
    .action(async ({ tenant, ...options }: { tenant?: string; limit: number; workflow?: string; cursor?: string }, command: Command) => {
      const { client, show, json } = contextOf(command, terminal);
      const page = await client.schedules.list({ ...options, ...(tenant !== undefined && { tenant_id: tenant }) });
      show(page, ({ schedules }: { schedules: readonly ScheduleSummary[] }) => schedules.map(scheduleRow));
      if (page.next_cursor !== null && !json) terminal.err(`more with --cursor ${page.next_cursor}`);
    });
}

const ofOne = (command: Command): Command => command.argument('<name>').option('-t, --tenant <id>', 'tenant', 'default');

const versionOrActive = (text: string): number | 'active' => (text === 'active' ? text : wholeNumber(text));

function withFields(command: Command): Command {
  return command
    .option('--time-zone <zone>', 'such as Europe/Berlin (a new schedule: UTC)')
    .option('-i, --input <json>', 'input of its runs: JSON, @file, or - for standard input')
    .option('--workflow-version <number>', 'a version of the workflow, or active', versionOrActive)
    .addOption(new Option('--priority <priority>', 'of its runs').choices(['low', 'normal', 'high']))
    .option('--label <name=value>', 'of its runs; may be given again', label)
    .addOption(new Option('--catch-up <rule>', 'for slots that nobody could fire').choices(['none', 'one', 'all']))
    .option('--catch-up-max <number>', 'with the rule all: the newest so many', wholeNumber)
    .option('--jitter <duration>', 'fire up to so much later', duration);
}

async function fieldsOf(options: FieldOptions, terminal: Terminal): Promise<ChangeSchedule> {
  const { cron, timeZone, workflow, input, workflowVersion, priority, label: labels, catchUp, catchUpMax, jitter } = options;
  return {
    ...(cron !== undefined && { cron }),
    ...(timeZone !== undefined && { time_zone: timeZone }),
    ...(workflow !== undefined && { workflow }),
    ...(input !== undefined && { input: await jsonOf(input, terminal) }),
    ...(workflowVersion !== undefined && { version: workflowVersion === 'active' ? null : workflowVersion }),
    ...(priority !== undefined && { priority }),
    ...(labels !== undefined && { labels }),
    ...(catchUp !== undefined && { catch_up: catchUp }),
    ...(catchUpMax !== undefined && { catch_up_max: catchUpMax }),
    ...(jitter !== undefined && { jitter_ms: jitter }),
  };
}
