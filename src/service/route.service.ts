import { v7 } from 'uuid';
import type { PreviewRoute } from '../use-cases/preview-route.ts';
import type { RouteService } from './hopper-service.ts';

/** Where tasks would go; a task without an id gets one for the preview alone. */
export function createRouteService(previewRoute: PreviewRoute): RouteService {
  return { preview: (ask) => previewRoute(ask, v7()) };
}
