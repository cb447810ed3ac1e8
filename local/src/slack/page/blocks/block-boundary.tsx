import { Component, type ReactNode } from 'react';

/**
 * Keeps a block that cannot be drawn from taking the page with it. Blocks come from the app under test as they are;
 * React offers this only as a class.
 */
export class BlockBoundary extends Component<{ type: string; children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override componentDidUpdate(before: { children: ReactNode }) {
    if (this.state.isBroken && before.children !== this.props.children) this.setState({ isBroken: false });
  }

  override render() {
    if (this.state.isBroken) return <UnsupportedBlock type={this.props.type} />;
    return this.props.children;
  }
}

/** A quiet note in the place of a block that this page does not know. */
export function UnsupportedBlock({ type }: { type: string }) {
  return <p className="unsupported">Unsupported block: {type}</p>;
}
