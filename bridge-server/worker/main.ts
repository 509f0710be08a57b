import { openProcessor } from '../openProcessor';
import { hostProcessor } from './hostProcessor';

/** The inference process: the server forks it, and may end and start it again. */
void hostProcessor(openProcessor);
