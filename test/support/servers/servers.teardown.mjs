import { release } from './need.mjs';

export default release;
