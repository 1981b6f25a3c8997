// A region's database as a cluster: Patroni, etcd and HAProxy, two PostgreSQL 18 of which one follows the other synchronously.
import { Hosted } from './hosted.js';
import { whyNot } from './programs.js';
import type { DatabaseServer } from './region.js';

export interface ClusterOptions {
  /** Default 2. */
  readonly members?: number;
  /** Default true: a commit is answered when a standby has it. */
  readonly synchronous?: boolean;
  /** Of PostgreSQL. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** kill -9 of a member: of Patroni and PostgreSQL, or of one of them. */
export interface Killed {
  readonly only?: 'patroni' | 'postgres';
}

interface Ready {
  readonly url: string;
  readonly members: readonly string[];
}

export class PatroniCluster implements DatabaseServer {
  private constructor(private readonly hosted: Hosted<Ready>) {}

  static async start(options: ClusterOptions = {}): Promise<PatroniCluster> {
    return new PatroniCluster(await Hosted.start<Ready>('patroni-host.mjs', options));
  }

  /** Why this machine has no such cluster; null: it can have one. */
  static whyNot(): string | null {
    return whyNot('patroni', 'etcd', 'haproxy');
  }

  /** By HAProxy: leads to whoever is primary. */
  get url(): string {
    return this.hosted.ready.url;
  }

  get members(): readonly string[] {
    return this.hosted.ready.members;
  }

  /** Who is primary now; null: nobody. */
  primary(): Promise<string | null> {
    return this.hosted.tell('primary');
  }

  kill(name: string, how: Killed = {}): Promise<void> {
    return this.hosted.tell('kill', name, how);
  }

  /** Starts what was killed. */
  start(name: string): Promise<void> {
    return this.hosted.tell('start', name);
  }

  /** Waits until it follows the primary; synchronously, where the cluster does. */
  follows(name: string): Promise<void> {
    return this.hosted.tell('follows', name);
  }

  /** Makes this member primary, in order. */
  switchover(to: string): Promise<void> {
    return this.hosted.tell('switchover', to);
  }

  /** This primary sends nothing more to its standbys, until it is killed. */
  holdBack(name: string): Promise<void> {
    return this.hosted.tell('holdBack', name);
  }

  close(): Promise<void> {
    return this.hosted.close();
  }
}
