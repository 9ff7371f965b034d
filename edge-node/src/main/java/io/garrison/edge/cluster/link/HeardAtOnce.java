package io.garrison.edge.cluster.link;

import org.jgroups.Message;
import org.jgroups.Message.Flag;
import org.jgroups.protocols.FD_ALL3;
import org.jgroups.util.MaxOneThreadPerSender;

/**
 * Lets the thread that has read a sign of life hear it as well. They are most of what an idle member receives; each would
 * wake a thread of the pool otherwise. Everything else is heard as ever, since it may take its time.
 */
final class HeardAtOnce extends MaxOneThreadPerSender {

    private final FD_ALL3 detector;
    private final Kinds light;

    /** Which messages of the application are heard in no time. */
    interface Kinds {
        /** @param first byte of the message */
        boolean isLight(byte first);
    }

    HeardAtOnce(FD_ALL3 detector, Kinds light) {
        this.detector = detector;
        this.light = light;
    }

    @Override
    public boolean process(Message message, boolean oob) {
        if (oob && message.isFlagSet(Flag.NO_RELIABILITY) && isSignOfLife(message)) {
            tp.passMessageUp(message, true, message.getDest() == null, true);
            return true;
        }
        return super.process(message, oob);
    }

    private boolean isSignOfLife(Message message) {
        if (message.getHeader(detector.getId()) != null) {
            return true;
        }
        // What other protocols say to each other has a header of theirs beside the transport's.
        return message.getNumHeaders() == (message.getHeader(tp.getId()) == null ? 0 : 1)
                && message.hasArray()
                && message.getLength() > 0
                && light.isLight(message.getArray()[message.getOffset()]);
    }
}
