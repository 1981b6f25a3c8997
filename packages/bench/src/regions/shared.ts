// Something large that several entrants of a workload work in, one after the other: made for the first who comes, ended by the last who leaves.

export class Shared<Thing> {
  private thing: Promise<Thing> | null = null;
  private users = 0;

  constructor(private readonly end: (thing: Thing) => Promise<void>) {}

  /** `make`: for the first. Whoever is refused has not come. */
  async take(make: () => Promise<Thing>): Promise<Thing> {
    this.users += 1;
    try {
      return await (this.thing ??= make());
    } catch (error) {
      await this.leave();
      throw error;
    }
  }

  async leave(): Promise<void> {
    this.users -= 1;
    if (this.users > 0 || this.thing === null) return;
    const thing = await this.thing.catch(() => null);
    this.thing = null;
    if (thing !== null) await this.end(thing);
  }
}
