import { commitAnswerLost } from '../faults/commit-answer-lost.js';
import { expectNoViolation } from '../faults/short-form.js';

it(
  'makes one run of a submission that was sent again, one completion of a report that was, and gives lost tasks out again',
  expectNoViolation(commitAnswerLost),
);
