// A real Prometheus over given targets, with the repository's rules; its answers by its own API.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { RULES } from './prometheus-files.js';
import { textOf } from './tools.js';

interface Answer<T> {
  readonly status: 'success' | 'error';
  readonly error?: string;
  readonly data: T;
}

interface Config {
  global: Record<string, string>;
  scrape_configs: Record<string, unknown>[];
}

export type Sample = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class PrometheusServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly folder: string,
  ) {}

  /** The repository's configuration, but for where the targets are, how often they are asked, and the token, which the door of a container wants. */
  static async start(program: string, targets: Readonly<Record<string, string>>): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'workflow-prometheus-'));
    const config = parse(textOf('infra/prometheus/prometheus.yml')) as Config;
    const static_configs = Object.entries(targets).map(([service, host]) => ({ targets: [host], labels: { service } }));
    config.global = { scrape_interval: '1s', evaluation_interval: '1s' };
    config.scrape_configs = [{ job_name: 'singularity-workflow', static_configs }];
    mkdirSync(join(folder, 'rules'));
    writeFileSync(join(folder, 'rules/workflow.yml'), textOf(RULES));
    writeFileSync(join(folder, 'prometheus.yml'), stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const args = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=${address}`];
    return new PrometheusServer(spawn(program, args, { stdio: 'ignore' }), `http://${address}`, folder);
  }

  async get<T>(path: string): Promise<Answer<T>> {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    return (await response.json()) as Answer<T>;
  }

  async query(expr: string): Promise<Sample[]> {
    const { status, error, data } = await this.get<{ result: Sample[] }>(`query?query=${encodeURIComponent(expr)}`);
    if (status !== 'success') throw new Error(`${expr}: ${error}`);
    return data.result;
  }

  async isReady(): Promise<boolean> {
    return fetch(`${this.url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL'); // thrown away
    await gone;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
