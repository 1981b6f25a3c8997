// The database of a process that only reads: a secondary's replica. Functions write, so a call of one is a mistake of ours and is refused here, before
// a server sees it: a logical replica would take the write.
import { Database } from './database.js';

export class ReplicaDatabase extends Database {
  override callSql<Row>(fn: string): Promise<Row[]> {
    return Promise.reject(new TypeError(`${fn} was called at a replica`));
  }

  override callArrays(fn: string): Promise<unknown[][]> {
    return Promise.reject(new TypeError(`${fn} was called at a replica`));
  }
}
