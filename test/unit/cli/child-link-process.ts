// Says that it is ready when whoever started it has gone.
import { announceReady } from '../../../src/cli/child-link.ts';

process.once('disconnect', () => {
  announceReady();
});
process.send?.('listening');
