import pg from 'pg';

/**
 * A client that outlives the loss of its connection from its first moment on. Sequelize listens for errors only after it
 * has heard that the connection stands; one that is lost in the same breath would end the process.
 */
class LastingClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined); // whoever queries it is told
  }
}

/** What Sequelize is given instead of `pg`. */
export const lastingPg = { ...pg, Client: LastingClient };
