package org.gradus.mnist;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Uncompresses gzip (RFC 1952), several members included, and is strict at the end:
 * {@link java.util.zip.GZIPInputStream} takes whatever follows the last member for the end of the data, so a damaged
 * file could pass unnoticed.
 *
 * <p>Throws {@link EOFException} if the data breaks off and {@link ZipException} if it is wrong.
 */
final class GzipInput extends InputStream {

    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA_FIELD = 4;
    private static final int FILE_NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream compressed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private long total;
    private boolean firstMember = true;
    private boolean insideMember;
    private boolean finished;

    GzipInput(InputStream compressed) {
        this.compressed = compressed;
    }

    /** Uncompressed bytes handed out so far. */
    long total() {
        return total;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!finished) {
            if (!insideMember) {
                startMember();
            }
            int n = inflate(target, offset, length);
            if (n > 0) {
                checksum.update(target, offset, n);
                total += n;
                return n;
            }
            if (inflater.finished()) {
                endMember();
                finished = !fill();
            } else if (inflater.needsInput()) {
                position = limit;
                if (!fill()) {
                    throw new EOFException();
                }
                inflater.setInput(buffer, position, limit - position);
            } else {
                throw new ZipException("it asks for a preset dictionary");
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int offset, int length) throws ZipException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            String reason = e.getMessage();
            ZipException wrong = new ZipException(reason == null ? "invalid compressed data" : reason);
            wrong.initCause(e);
            throw wrong;
        }
    }

    /** Reads a member's header: magic, method, flags, time (4), extra flags, system, then the optional fields. */
    private void startMember() throws IOException {
        checksum.reset();
        int magic = headerByte() | headerByte() << 8;
        if (magic != 0x8B1F) {
            throw new ZipException(
                    firstMember
                            ? "it lacks the gzip magic 1f 8b"
                            : "stray bytes follow the end of the compressed data");
        }
        int method = headerByte();
        if (method != DEFLATE) {
            throw new ZipException("unknown compression method " + method);
        }
        int flags = headerByte();
        if ((flags & RESERVED) != 0) {
            throw new ZipException(String.format("reserved flags are set (0x%02x)", flags));
        }
        skipHeaderBytes(6);
        if ((flags & EXTRA_FIELD) != 0) {
            skipHeaderBytes(headerByte() | headerByte() << 8);
        }
        if ((flags & FILE_NAME) != 0) {
            skipHeaderText();
        }
        if ((flags & COMMENT) != 0) {
            skipHeaderText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            int expected = (int) checksum.getValue() & 0xFFFF;
            if ((nextByte() | nextByte() << 8) != expected) {
                throw new ZipException("the checksum of the gzip header is wrong");
            }
        }
        checksum.reset();
        inflater.reset();
        inflater.setInput(buffer, position, limit - position);
        insideMember = true;
    }

    /** Checks the member's trailer: CRC-32 and length modulo 2^32, both little-endian. */
    private void endMember() throws IOException {
        position = limit - inflater.getRemaining();
        long expectedChecksum = nextInt();
        long expectedLength = nextInt();
        if (expectedChecksum != checksum.getValue()) {
            throw new ZipException("the CRC-32 checksum is wrong");
        }
        if (expectedLength != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new ZipException("the length in the gzip trailer is wrong");
        }
        insideMember = false;
        firstMember = false;
    }

    private void skipHeaderText() throws IOException {
        int letter;
        do {
            letter = headerByte();
        } while (letter != 0);
    }

    private void skipHeaderBytes(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            headerByte();
        }
    }

    private int headerByte() throws IOException {
        int b = nextByte();
        checksum.update(b);
        return b;
    }

    private long nextInt() throws IOException {
        return nextByte() | nextByte() << 8 | nextByte() << 16 | (long) nextByte() << 24;
    }

    private int nextByte() throws IOException {
        if (!fill()) {
            throw new EOFException();
        }
        return buffer[position++] & 0xFF;
    }

    /** Makes at least one compressed byte available; false at the end of the file. */
    private boolean fill() throws IOException {
        if (position == limit) {
            position = 0;
            limit = Math.max(compressed.read(buffer), 0);
        }
        return position < limit;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        compressed.close();
    }
}
