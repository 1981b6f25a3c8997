// Node 24 sometimes never ends although nothing is left to do: in the clean-up of handles at its natural end (node::Environment::CleanupHandles) it waits, at
// full speed, for one that says nothing any more. An exit that is asked for leaves that clean-up out. Nothing is cut short: this is asked when the event
// loop is empty, with the exit code that was set.
let isAsked = false;

export function exitWhenDone() {
  if (isAsked) return;
  isAsked = true;
  process.once('beforeExit', () => process.exit());
}
