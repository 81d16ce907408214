import { need } from './need.mjs';

export default () => need('bundle');
