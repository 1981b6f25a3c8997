// TypeORM over the pool of a Database: for reading entities, nothing else. One pool per address and process, so that DATABASE_POOL_SIZE is a limit.
//
// The data source is made at the first read and again after a failure: a database that is away at the start of a process is an error of that read
// (`database_unavailable`), not of the process.
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { ENTITIES } from '../entities/index.js';
import { workflowErrorOf } from './database-error.js';
import type { Database } from './database.js';

export class EntitySource {
  private source: Promise<DataSource> | null = null;

  constructor(readonly db: Database) {}

  /** Runs reads with a manager whose entities are those of entities/. Errors as Database's. Nothing may be saved through it. */
  async read<Result>(what: string, read: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    try {
      const source = await this.initialized();
      return await read(source.manager);
    } catch (error) {
      throw workflowErrorOf(error instanceof QueryFailedError ? error.driverError : error, what);
    }
  }

  private initialized(): Promise<DataSource> {
    this.source ??= this.initialize().catch((error: unknown) => {
      this.source = null;
      throw error;
    });
    return this.source;
  }

  private async initialize(): Promise<DataSource> {
    const pool = this.db.sharedPool();
    // TypeORM makes its pool with `new driver.Pool(...)`; a constructor that returns an object gives that object.
    const driver = {
      Pool: function SharedPool() {
        return pool;
      },
    };
    const source = new DataSource({
      type: 'postgres',
      driver,
      entities: [...ENTITIES],
      installExtensions: false,
      migrationsRun: false,
      synchronize: false,
      logging: false,
    });
    return source.initialize();
  }
}
