// What operators asked of the regions (region_commands), carried out by the monitor of the region where they asked: some by acts of its own (a move begins
// to drain), the rest as wishes for the log. What became of a command is written down; one that cannot be done fails with the sentence that says why.
//
// Limit: 100 open commands are looked at, and 100 registrations beside them; a region moves and hands out only groups that are at home with it, so `evacuate` and `move` are asked there, and
// `restore` of every region that holds something of the one that is back.
import { type Asked, belongsTo, isWorkflowError, reasonOf, type RegionMember, type TenantEntry, type Wish } from '../domain/index.js';
import type { HomeRow, RegionCommandRow, RegionReader, RegionStore } from '../store/index.js';
import type { RegionBelief } from './belief.js';
import type { HandOvers } from './hand-overs.js';
import type { MemberWishes } from './member-wishes.js';
import type { Peers } from './peers.js';
import type { Observed, WishSource } from './proposer.js';
import { regionsOf, type ShareWishes } from './share-wishes.js';
import { splitOff } from './split-wishes.js';

export interface CommandWishesOptions {
  readonly reader: RegionReader;
  readonly regions: RegionStore;
  readonly handOvers: HandOvers;
  readonly shares: ShareWishes;
  readonly peers: Peers;
  readonly belief: RegionBelief;
  readonly drainMs: number;
}

const TENANTS_MAX = 1_000;
/** In a sentence. */
const NAMED_MAX = 3;

type Looked = Omit<Observed, 'wish' | 'waitingMs'>;

/** What one look makes of a command: it is over, it goes on, or it wants something decided. */
type Step =
  | { readonly state: 'done' | 'failed'; readonly outcome: string }
  | { readonly state: 'working'; readonly outcome: string; readonly wish?: Wish };

export class CommandWishes implements WishSource {
  private readonly registering = new Map<Wish, readonly RegionCommandRow[]>();
  private members: MemberWishes | null = null;
  private asked: ReadonlyMap<string, Asked> = new Map();
  private askers: ReadonlyMap<string, string> = new Map();
  /** Members whose copying was asked for and has begun. */
  private readonly copying = new Set<string>();

  constructor(private readonly options: CommandWishesOptions) {}

  /** Whose barrier the step of a command stands behind, too. */
  useMembers(members: MemberWishes): void {
    this.members = members;
  }

  /** Region -> remove or resync, of commands that are open. */
  readonly openSteps = (): ReadonlyMap<string, Asked> => this.asked;
  readonly whoAsked = (): ReadonlyMap<string, string> => this.askers;

  async wish(token: number, seen: Looked): Promise<Wish | null> {
    const commands = await this.options.reader.openCommands();
    this.noteWhoAsked(commands, seen.members);
    const unregistered = commands.filter(({ command, state }) => command === 'register' && state === 'requested');
    let first = this.register(unregistered, seen);
    for (const command of commands.filter((one) => !unregistered.includes(one))) {
      const step = await this.carryOut(token, command, seen);
      if (step.state === 'working' && step.wish !== undefined) {
        first ??= step.wish;
      } else if (step.state !== 'working' || command.state === 'requested') {
        await this.options.regions.finish(token, { commandId: command.commandId, state: step.state, outcome: step.outcome });
      }
    }
    return first;
  }

  /** Of two commands about a region the later one counts, and it is its operator who is named. */
  private noteWhoAsked(commands: readonly RegionCommandRow[], members: readonly RegionMember[]): void {
    const steps = commands.flatMap((command) => {
      const { command: asked, arguments: given } = command;
      return asked === 'remove' || asked === 'resync' ? [{ region: textOf(given['region']), asked, by: operatorOf(command) }] : [];
    });
    this.asked = new Map(steps.map(({ region, asked }) => [region, asked]));
    this.askers = new Map(steps.map(({ region, by }) => [region, by]));
    this.options.belief.givenUp = new Map(
      commands.flatMap((command) => givenUpBy(command, members).map((memberId): [string, string] => [memberId, operatorOf(command)])),
    );
  }

  async told(token: number, wish: Wish, sentence: string): Promise<void> {
    const { regions } = this.options;
    for (const command of this.registering.get(wish) ?? []) {
      const splits = tenantsOf(command).filter(({ fallback_regions: fallbacks = [] }) => fallbacks.length > 0).length;
      const outcome = splits === 0 ? sentence : `${sentence}; those with fallback regions get groups of their own, at their homes`;
      await regions.finish(token, { commandId: command.commandId, state: splits === 0 ? 'done' : 'working', outcome });
    }
  }

  private async carryOut(token: number, command: RegionCommandRow, seen: Looked): Promise<Step> {
    try {
      switch (command.command) {
        case 'register':
          return await this.registered(command);
        case 'add':
          return await this.add(command, seen);
        case 'remove':
        case 'resync':
          return this.follow(command, seen);
        case 'move':
          return await this.move(token, command, seen);
        case 'evacuate':
          return await this.evacuate(token, command, seen);
        case 'restore':
          return await this.restore(token, command, seen);
        case 'failover':
          return failoverOf(command, seen);
      }
    } catch (error) {
      if (!isWorkflowError(error) || error.code === 'database_unavailable' || error.code === 'lease_lost') throw error;
      return { state: 'failed', outcome: reasonOf(error) };
    }
  }

  /** All that is asked for goes in one epoch. */
  private register(commands: readonly RegionCommandRow[], { self }: Looked): Wish | null {
    this.registering.clear();
    const taken: RegionCommandRow[] = [];
    const tenants: TenantEntry[] = [];
    for (const command of commands) {
      const asked = tenantsOf(command);
      if (tenants.length + asked.length > TENANTS_MAX) break;
      tenants.push(...asked);
      taken.push(command);
    }
    if (taken.length === 0) return null;
    const wish: Wish = {
      value: { version: 1, kind: 'register', by: self, tenants },
      sentence: `operators register ${tenants.length} tenants`,
    };
    this.registering.set(wish, taken);
    return wish;
  }

  /** It is in the log; tenants with fallback regions wait for their homes (SplitWishes). */
  private async registered(command: RegionCommandRow): Promise<Step> {
    const tenants = tenantsOf(command).map(({ tenant_id: tenant }) => tenant);
    const waiting = await this.options.reader.waitingForGroups(tenants);
    if (waiting.length > 0) return { state: 'working', outcome: `${waiting.length} tenants wait for groups of their own` };
    const homes = await this.options.reader.homeOf(tenants);
    const places = homes.map(({ tenantId, region }) => `${tenantId} in ${region ?? 'no region'}`);
    return { state: 'done', outcome: `${registeredWith(homes)}: ${places.slice(0, NAMED_MAX).join(', ')}` };
  }

  private async add(command: RegionCommandRow, seen: Looked): Promise<Step> {
    const { arguments: given } = command;
    const region = textOf(given['region']);
    const known = seen.members.find((member) => member.region === region);
    if (known !== undefined) return { state: 'done', outcome: `${region} is ${known.state}` };
    const addresses = (given['addresses'] ?? {}) as Readonly<Record<string, unknown>>;
    const log = await this.options.peers.ask({ region, addresses }, (store) => store.log(0));
    if (log === null) return { state: 'working', outcome: `${region} does not answer` };
    if (log.last_epoch > 0) return { state: 'failed', outcome: `${region} belongs to a mesh already` };
    if (seen.members.length === 1 && (await this.options.reader.hasOpenWishes()))
      return { state: 'working', outcome: 'versions and keys of this region go into the log first' };
    const zone = textOf(given['zone'] ?? 'global');
    const member: RegionMember = { memberId: log.member_id, region, zone, state: 'joining' };
    const why = (await this.members?.whyNot({ member, state: 'joining', sentence: '' }, seen)) ?? null;
    if (why !== null) return { state: 'working', outcome: why };
    const sentence = `${operatorOf(command)} adds ${region}`;
    const value = {
      version: 1,
      kind: 'member',
      region,
      member_id: log.member_id,
      zone,
      addresses,
      state: 'joining',
      behind: seen.mesh.memberEpoch,
      why: sentence,
    } as const;
    return { state: 'working', outcome: sentence, wish: { value, sentence } };
  }

  /** Steps of members are wished for by MemberWishes; here is only seen when they are over. */
  private follow({ command, arguments: given, state: before }: RegionCommandRow, { members }: Looked): Step {
    const region = textOf(given['region']);
    const member = members.find((one) => one.region === region);
    if (command === 'remove') {
      return member === undefined
        ? { state: 'done', outcome: `${region} is gone` }
        : { state: 'working', outcome: `${region} is ${member.state}` };
    }
    if (member === undefined) return { state: 'failed', outcome: `there is no region ${region}` };
    if (member.state === 'copying') this.copying.add(member.memberId);
    const isOver = member.state === 'full' && before === 'working' && this.copying.delete(member.memberId);
    return { state: isOver ? 'done' : 'working', outcome: `${region} is ${member.state}` };
  }

  private async move(token: number, command: RegionCommandRow, seen: Looked): Promise<Step> {
    const { arguments: given } = command;
    const target = textOf(given['region']);
    const tenants = (given['tenants'] ?? []) as readonly string[];
    const placed = new Set(seen.placement.map(({ group }) => group));
    const shared = tenants.filter((tenant) => !placed.has(`tenant/${tenant}`));
    if (shared.length > 0) {
      const foreign = (await this.options.reader.homeOf(shared)).find(({ memberId }) => memberId !== seen.self);
      if (foreign !== undefined) return { state: 'failed', outcome: `tenant ${foreign.tenantId} is not at home here: ask its home` };
      const ready = await this.options.reader.tenantsToSplit(shared);
      if (ready.length === 0) return { state: 'working', outcome: 'they get groups of their own when this region has taken them over' };
      const wish = splitOff(ready, { by: seen.self, why: `${operatorOf(command)} moves them` });
      return { state: 'working', outcome: wish.sentence, wish };
    }
    const groups = [...((given['groups'] ?? []) as readonly string[]), ...tenants.map((tenant) => `tenant/${tenant}`)];
    const why = `${operatorOf(command)} moves them`;
    return this.moveGroups(token, { groups, target, drainMs: this.drainMs(given), why }, seen);
  }

  private async evacuate(token: number, command: RegionCommandRow, seen: Looked): Promise<Step> {
    const { arguments: given } = command;
    const { members, placement, self, mesh } = seen;
    if (given['region'] !== undefined && given['region'] !== mesh.region)
      return { state: 'failed', outcome: `ask ${textOf(given['region'])}: only it can hand out its groups` };
    const own = placement.filter(({ memberId }) => memberId === self);
    if (own.length === 0) return { state: 'done', outcome: `${mesh.region} holds no group any more` };
    const { shares, handOvers } = this.options;
    const left = own.find(({ zone }) => !members.some((member) => isHeir(member, zone, self)));
    if (left !== undefined) return { state: 'failed', outcome: `nobody else may have group ${left.group} of zone ${left.zone}` };
    const groups = regionsOf(await shares.handedOut(seen), seen);
    await handOvers.begin(token, { groups, drainMs: this.drainMs(given), why: `${operatorOf(command)} empties ${mesh.region}` }, seen);
    return { state: 'working', outcome: `${own.length} groups go to the other regions` };
  }

  private async restore(token: number, command: RegionCommandRow, seen: Looked): Promise<Step> {
    const { arguments: given } = command;
    const target = seen.members.find((member) => member.region === given['region']);
    if (target === undefined) return { state: 'failed', outcome: `there is no region ${textOf(given['region'])}` };
    const taken = await this.options.reader.groupsToReturn([target.memberId], { planned: true });
    const shares = (await this.options.shares.sharesOf(seen)).filter(({ to }) => to === target.memberId);
    const groups = [...new Set([...taken.map((one) => one.placementGroup), ...shares.map(({ group }) => group)])];
    if (groups.length === 0) return { state: 'done', outcome: `nothing of ${target.region} is here` };
    const why = `${operatorOf(command)} gives them back`;
    return this.moveGroups(token, { groups, target: target.region, drainMs: this.drainMs(given), why }, seen);
  }

  private async moveGroups(
    token: number,
    { groups, target, drainMs, why }: { groups: readonly string[]; target: string; drainMs: number; why: string },
    seen: Looked,
  ): Promise<Step> {
    const to = seen.members.find((member) => member.region === target);
    if (to === undefined) return { state: 'failed', outcome: `there is no region ${target}` };
    const left = groups.filter((group) => seen.placement.some((placed) => placed.group === group && placed.memberId !== to.memberId));
    if (left.length === 0) return { state: 'done', outcome: `${groups.length} groups are at home in ${target}` };
    const foreign = left.find((group) => !seen.placement.some((placed) => placed.group === group && placed.memberId === seen.self));
    if (foreign !== undefined) return { state: 'failed', outcome: `group ${foreign} is not at home here: ask its home` };
    const order = { groups: new Map(left.map((group) => [group, target])), drainMs, why };
    await this.options.handOvers.begin(token, order, seen);
    return { state: 'working', outcome: `${left.length} groups go to ${target}` };
  }

  private drainMs(given: RegionCommandRow['arguments']): number {
    const asked = given['drain_ms'];
    return typeof asked === 'number' ? asked : this.options.drainMs;
  }
}

const tenantsOf = (command: RegionCommandRow): readonly TenantEntry[] => command.arguments['tenants'] as readonly TenantEntry[];

/** Whoever may have groups of a zone that another hands out. */
const isHeir = (member: RegionMember, zone: string, from: string): boolean =>
  member.memberId !== from && member.state === 'full' && belongsTo(member, zone);

/** Regions that an operator gave up with `failover --force` (D9). */
export function givenUpBy({ command, arguments: given }: RegionCommandRow, members: readonly RegionMember[]): string[] {
  if (command !== 'failover' || given['force'] !== true) return [];
  const names = [given['region'], ...((given['regions'] ?? []) as readonly unknown[])];
  return members.filter(({ region }) => names.includes(region)).map(({ memberId }) => memberId);
}

function failoverOf(command: RegionCommandRow, { members, placement }: Looked): Step {
  const { region, force } = command.arguments as { region?: string; force?: boolean };
  const lost = members.find((member) => member.region === region);
  if (lost === undefined) return { state: 'done', outcome: `${region} is no member` };
  if (!placement.some(({ memberId }) => memberId === lost.memberId)) return { state: 'done', outcome: `${region} holds no group` };
  return {
    state: 'working',
    outcome: force === true ? `${region} was given up by an operator` : `${region} is taken over as soon as a majority has sealed it`,
  };
}

/** Who wanted none any more meanwhile has none. */
function registeredWith(homes: readonly HomeRow[]): string {
  const own = homes.filter(({ tenantId, placementGroup }) => placementGroup === `tenant/${tenantId}`).length;
  if (homes.length === 1) return `1 tenant is registered${own === 1 ? ', with a group of its own' : ''}`;
  if (own === homes.length) return `${own} tenants are registered, with groups of their own`;
  return `${homes.length} tenants are registered, ${own} of them with groups of their own`;
}

/** As the subject of a sentence. */
const operatorOf = ({ requestedBy }: RegionCommandRow): string => requestedBy ?? 'an operator';

/** Arguments of commands are JSON that an operator wrote. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
