import { unpack } from './packedFile.mjs';

unpack();
