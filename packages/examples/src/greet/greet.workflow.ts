import { workflow } from '@singularity-workflow/sdk';

export type GreetInput = { name: string };

/** The smallest workflow there is: what the curl line of `npm start` runs. */
export const greet = workflow<GreetInput>('greet').step('greet', ({ name }) => ({ greeting: `Hello, ${name}!` }));
