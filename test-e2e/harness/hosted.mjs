// The other side of hosted.ts: a process that has something running, does with it what it is told over Node's channel, and ends it when the channel
// closes, be it because the suite is done or because it was killed.

/**
 * @param {object} o
 * @param {() => Promise<{ answer: object, commands: Record<string, (...args: any[]) => Promise<unknown>>, close: () => Promise<void> }>} o.start
 */
export async function host({ start }) {
  let closing = false;
  let hosted = null;
  process.on('SIGINT', () => {}); // Ctrl-C goes to the whole group: the suite ends by it, and with the suite the channel
  process.once('disconnect', async () => {
    closing = true;
    await hosted?.close();
    process.exit(0);
  });
  try {
    hosted = await start();
  } catch (error) {
    process.send({ failed: String(error?.message ?? error) }, () => process.exit(1));
    return;
  }
  if (closing) {
    await hosted.close();
    process.exit(0);
  }
  process.on('message', async ({ id, command, args }) => {
    try {
      process.send({ id, result: await hosted.commands[command](...args) });
    } catch (error) {
      process.send({ id, error: String(error?.message ?? error) });
    }
  });
  process.send({ ready: hosted.answer });
}
