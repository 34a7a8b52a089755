import { describeCommandQueue } from './command-queue.testsuite.ts';
import { MemoryCommandQueue } from './memory-command-queue.ts';

describeCommandQueue('in memory', (epoch) => new MemoryCommandQueue(() => epoch));
