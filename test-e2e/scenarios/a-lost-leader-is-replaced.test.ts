import { allLeadersKilled, leaderPaused } from '../faults/leaders.js';
import { expectNoViolation } from '../faults/short-form.js';

it('puts the standby in the place of a leader that was killed; refuses the token of the former', expectNoViolation(allLeadersKilled));

it(
  'puts the standby in the place of a leader that was paused; refuses the token of the former, which stands by when it is woken',
  expectNoViolation(leaderPaused, 1),
);
