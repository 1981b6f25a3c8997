// Carries out what the reconciler of the mesh decided: here by SQL functions, which check the monitor's token, and at a peer by making and dropping slots.
// Every action may be done twice, or come after another monitor did it.
import { type MeshAction, WorkflowError } from '../domain/index.js';
import { linkAddress, type LinkSettings, type MeshSide, type MeshStore, type LinkPeer, sha256OfAddress } from '../store/index.js';
import type { StandbySetting } from './standby-setting.js';

export interface MeshHandsOptions {
  readonly store: MeshStore;
  readonly addresses: ReadonlyMap<string, string>;
  readonly token: number;
  readonly own: MeshSide;
  readonly peerOf: (region: string) => LinkPeer | null;
  readonly standbySetting: StandbySetting;
}

type Of<Kind extends MeshAction['do']> = Extract<MeshAction, { do: Kind }>;
type Carriers = { [Kind in MeshAction['do']]: (action: Of<Kind>) => Promise<boolean> };

export class MeshHands {
  private readonly options: MeshHandsOptions;

  constructor(options: MeshHandsOptions) {
    this.options = options;
  }

  /** True when something is another now than before. */
  carryOut(action: MeshAction): Promise<boolean> {
    return (this.carriers[action.do] as (action: MeshAction) => Promise<boolean>)(action);
  }

  private readonly carriers: Carriers = {
    publish: ({ memberId, version }) => this.done((store, token) => store.publish(token, memberId, version)),
    make_slot: ({ region, slot }) => this.at(region, (peer) => peer.makeSlot(slot)),
    make_link: ({ memberId, region, slot, generation }) =>
      this.done((store, token) => store.makeLink(token, memberId, { ...this.settingsOf(region), slot, generation })),
    readdress: ({ memberId, region }) => this.done((store, token) => store.readdressLink(token, memberId, this.settingsOf(region))),
    refresh: ({ memberId }) => this.done((store) => store.refresh({ me: this.options.own.memberId, them: memberId })),
    unseal: ({ memberId }) => this.options.store.unseal(this.options.token, memberId),
    note_copied: async ({ memberId, region }) => {
      const position = await this.peer(region).flushed();
      return this.options.store.noteCopied(this.options.token, memberId, position);
    },
    note_whole: ({ memberId, slot, confirmed }) => this.options.store.noteWhole(this.options.token, memberId, { slot, confirmed }),
    drop_peer_slot: ({ region, slot }) => this.at(region, (peer) => peer.dropSlot(slot)),
    drop_link: ({ subscription, reachable, sentence: reason }) =>
      this.done((store, token) => store.dropLink(token, { subscription, reachable, reason })),
    drop_publication: ({ name }) => this.done((store, token) => store.unpublish(token, name)),
    set_standby_slots: (change) => this.done((_, token) => this.options.standbySetting.set(token, change)),
    drop_slot: ({ name }) => this.at(this.options.own.region, (self) => self.dropSlot(name)),
  };

  private async done(call: (store: MeshStore, token: number) => Promise<void>): Promise<boolean> {
    await call(this.options.store, this.options.token);
    return true;
  }

  private at(region: string, call: (peer: LinkPeer) => Promise<boolean>): Promise<boolean> {
    return call(this.peer(region));
  }

  private peer(region: string): LinkPeer {
    const peer = this.options.peerOf(region);
    if (peer === null) throw new WorkflowError('invalid_config', `REGIONS has no replication address for ${region}`, { field: 'REGIONS' });
    return peer;
  }

  private settingsOf(region: string): LinkSettings {
    const url = this.options.addresses.get(region)!;
    return { address: linkAddress(url), sha256: sha256OfAddress(url), commit: this.options.own.commit };
  }
}
