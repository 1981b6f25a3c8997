export { Loop, type LoopOptions, type TickResult } from './loop.js';
