package io.garrison.instances.peer;

import io.garrison.instances.peer.Peer.Introduction;

/** This installation, for whom it lets in by the key. */
public interface PeerHost {

    /** @throws PeerTrouble if it is none to keep one configuration with */
    Introduction hello(Introduction caller) throws PeerTrouble;

    /** @param address where the caller dials from */
    Peer from(String address);
}
