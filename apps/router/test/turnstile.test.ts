import { EventEmitter } from 'node:events';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Turnstile } from '../src/turnstile.js';

class Visitor {
  readonly raw = Object.assign(new EventEmitter(), { destroyed: false });
  state: 'waiting' | 'inside' | 'refused' = 'waiting';

  constructor(turnstile: Turnstile) {
    turnstile.enter({} as FastifyRequest, { raw: this.raw } as unknown as FastifyReply, (error) => {
      this.state = error ? 'refused' : 'inside';
    });
  }

  leave(): void {
    this.raw.destroyed = true;
    this.raw.emit('close');
  }
}

it('lets so many in, keeps so many waiting in their order, and refuses the rest', () => {
  const turnstile = new Turnstile(1, 2);
  const [first, second, third, fourth] = [1, 2, 3, 4].map(() => new Visitor(turnstile)) as [Visitor, Visitor, Visitor, Visitor];
  const states = () => [first, second, third, fourth].map(({ state }) => state);
  expect(states()).toEqual(['inside', 'waiting', 'waiting', 'refused']);
  first.leave();
  expect(states()).toEqual(['inside', 'inside', 'waiting', 'refused']);
});

it('passes over who went away while waiting', () => {
  const turnstile = new Turnstile(1, 2);
  const [first, second, third] = [1, 2, 3].map(() => new Visitor(turnstile)) as [Visitor, Visitor, Visitor];
  second.leave();
  first.leave();
  expect([second.state, third.state]).toEqual(['waiting', 'inside']);
  third.leave();
  expect(new Visitor(turnstile).state).toBe('inside');
});
