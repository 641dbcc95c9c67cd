package org.gradus.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import org.gradus.autograd.Tensor;

/**
 * Named tensors in a file, in the safetensors format, which PyTorch users read with {@code safetensors.torch.load_file}.
 *
 * <pre>
 *   8 bytes      length of the header, little-endian
 *   header       JSON: {"__metadata__": {name: text, ..}, name: {"dtype", "shape", "data_offsets": [begin, end]}, ..}
 *   data         the numbers of all tensors, row-major, little-endian, without gaps
 * </pre>
 *
 * <p>Source: the format's description at <a
 * href="https://github.com/huggingface/safetensors">github.com/huggingface/safetensors</a>. Read and written is the element type
 * F32.
 *
 * <pre>{@code
 * Safetensors.write(file, model.stateDict(), Map.of("network", "784-2:prelu-784:sigmoid"));
 * model.loadStateDict(Safetensors.read(file));
 * }</pre>
 *
 * @param tensors by name, in the order of their numbers in the file
 * @param metadata free text by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {

    /** Bytes copied at a time. */
    private static final int BLOCK = 1 << 16;

    /**
     * What a file holds.
     *
     * @param tensors by name
     * @param metadata free text by name
     */
    public Safetensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    // ---- writing
    // -----------------------------------------------------------------------------------------------------

    /**
     * Writes a file. The same tensors and metadata give the same bytes, whatever the order of the maps: tensors follow each other
     * in the order of their names, the first at a multiple of 8 bytes. The file is the old or the new one, never half.
     *
     * @param file its name; the folder must exist
     * @param tensors by name
     * @param metadata free text by name; may be empty
     * @throws IOException if the file cannot be written, in one line
     * @throws IllegalArgumentException if a name is {@code __metadata__} or no Unicode text, or the header would be too long
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        AtomicFile.at(file).write(content(tensors, metadata));
    }

    /** The bytes of a file. */
    static AtomicFile.Content content(Map<String, Tensor> tensors, Map<String, String> metadata) {
        SortedMap<String, Tensor> ordered = Header.ordered(tensors);
        byte[] text = Header.of(ordered, metadata).toBytes();
        return out -> {
            out.write(ByteBuffer.allocate(Header.LENGTH_BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            out.write(text);
            for (Tensor tensor : ordered.values()) {
                writeNumbers(out, tensor.data());
            }
        };
    }

    private static void writeNumbers(OutputStream out, float[] numbers) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < numbers.length; ) {
            int count = Math.min(BLOCK / Float.BYTES, numbers.length - from);
            block.asFloatBuffer().put(numbers, from, count);
            out.write(block.array(), 0, count * Float.BYTES);
            from += count;
        }
    }

    // ---- reading
    // -----------------------------------------------------------------------------------------------------

    /**
     * Reads the tensors of a file.
     *
     * @param file its name
     * @return by name, in the order of their numbers in the file
     * @throws SafetensorsException if it is missing, damaged, cut short, or holds other elements than F32
     */
    public static Map<String, Tensor> read(Path file) throws SafetensorsException {
        return load(file).tensors();
    }

    /**
     * Reads a file.
     *
     * @param file its name
     * @return tensors and metadata
     * @throws SafetensorsException if it is missing, damaged, cut short, or holds other elements than F32
     */
    public static Safetensors load(Path file) throws SafetensorsException {
        requireFile(file);
        // A stream: a channel closes itself when an interrupted thread uses it.
        try (InputStream in = Files.newInputStream(file)) {
            return load(file, in, Files.size(file));
        } catch (SafetensorsException broken) {
            throw broken;
        } catch (AccessDeniedException denied) {
            throw new SafetensorsException(file, "no permission to read it; change that or name another file", denied);
        } catch (EOFException shrunk) {
            throw new SafetensorsException(file, "ends early: something is writing to it; try again", shrunk);
        } catch (IOException failed) {
            throw new SafetensorsException(file, "cannot be read (" + failed.getMessage() + "); try again", failed);
        }
    }

    private static void requireFile(Path file) throws SafetensorsException {
        if (Files.isDirectory(file)) {
            throw new SafetensorsException(file, "is a folder; name a file in it");
        }
        if (!Files.exists(file)) {
            throw new SafetensorsException(
                    file, "there is no such file; check the name", new NoSuchFileException(file.toString()));
        }
        if (!Files.isRegularFile(file)) {
            throw new SafetensorsException(file, "is no regular file; copy its content to one");
        }
    }

    private static Safetensors load(Path file, InputStream in, long size) throws IOException {
        if (size < Header.LENGTH_BYTES) {
            throw new SafetensorsException(
                    file,
                    "has " + size + " bytes, but a safetensors file starts with " + Header.LENGTH_BYTES
                            + " that give the length of its header; was it cut short?");
        }
        long length = readFully(in, ByteBuffer.allocate(Header.LENGTH_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (length < 0 || length > Header.MOST_BYTES) {
            throw new SafetensorsException(
                    file,
                    "claims a header of " + Long.toUnsignedString(length) + " bytes, more than the " + Header.MOST_BYTES
                            + " of the format; is it a safetensors file?");
        }
        long dataBytes = size - Header.LENGTH_BYTES - length;
        if (dataBytes < 0) {
            throw new SafetensorsException(
                    file,
                    "has a header of " + length + " bytes but ends " + -dataBytes
                            + " bytes before that does; was it cut short?");
        }
        byte[] text = readFully(in, ByteBuffer.allocate((int) length)).array();
        Header header = HeaderReader.read(file, text, dataBytes);
        ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Header.Entry entry : header.entries()) {
            float[] numbers = new float[entry.shape().size()];
            readNumbers(in, block, numbers);
            tensors.put(entry.name(), Tensor.of(entry.shape(), numbers).named(entry.name()));
        }
        return new Safetensors(tensors, header.metadata());
    }

    private static void readNumbers(InputStream in, ByteBuffer block, float[] numbers) throws IOException {
        for (int from = 0; from < numbers.length; ) {
            int count = Math.min(BLOCK / Float.BYTES, numbers.length - from);
            readFully(in, block.clear().limit(count * Float.BYTES))
                    .asFloatBuffer()
                    .get(numbers, from, count);
            from += count;
        }
    }

    /** Fills a buffer from its beginning to its limit. */
    private static ByteBuffer readFully(InputStream in, ByteBuffer buffer) throws IOException {
        if (in.readNBytes(buffer.array(), buffer.arrayOffset(), buffer.limit()) < buffer.limit()) {
            throw new EOFException();
        }
        return buffer;
    }
}
