package org.gradus.plots;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.apache.batik.svggen.DOMGroupManager;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.gradus.autograd.Printable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/**
 * Batik's SVG surface, with two elements made here. Text carries its anchor, so that it stays centred in a browser
 * whose font is wider or narrower than the one measured; images stay sharp when enlarged. Nothing in the document
 * refers to a place outside it.
 */
final class SvgSurface extends SVGGraphics2D {

    private static final String SVG = "http://www.w3.org/2000/svg";
    private static final String XLINK = "http://www.w3.org/1999/xlink";

    /** Digits behind the decimal point of coordinates: a hundredth of a pixel. */
    private static final int PRECISION = 2;

    private SvgSurface(SVGGeneratorContext context) {
        super(context, false);
    }

    static SvgSurface of(int width, int height) {
        SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
        context.setPrecision(PRECISION);
        context.setComment(null);
        SvgSurface surface = new SvgSurface(context);
        surface.setSVGCanvasSize(new Dimension(width, height));
        return surface;
    }

    /** Text with its anchor at (x, y), in the current font and colour. */
    void drawText(String text, Pen.Anchor anchor, double x, double y) {
        Element element = getDOMFactory().createElementNS(SVG, "text");
        element.setAttribute("x", generatorCtx.doubleString(x));
        element.setAttribute("y", generatorCtx.doubleString(y));
        element.setAttribute("text-anchor", anchor.svg());
        element.setAttribute("stroke", "none");
        element.setTextContent(text);
        getDOMGroupManager().addElement(element, DOMGroupManager.FILL);
    }

    /** An image as embedded PNG. */
    void drawPixels(BufferedImage image, int x, int y, int width, int height) {
        Element element = getDOMFactory().createElementNS(SVG, "image");
        element.setAttribute("x", Integer.toString(x));
        element.setAttribute("y", Integer.toString(y));
        element.setAttribute("width", Integer.toString(width));
        element.setAttribute("height", Integer.toString(height));
        element.setAttribute("preserveAspectRatio", "none");
        element.setAttribute("image-rendering", "pixelated");
        element.setAttributeNS(
                XLINK,
                "xlink:href",
                "data:image/png;base64," + Base64.getEncoder().encodeToString(Png.encode(image)));
        getDOMGroupManager().addElement(element);
    }

    /**
     * Everything drawn so far.
     *
     * @param title of the document
     * @param description for readers who cannot see it
     * @return the document in UTF-8
     */
    byte[] toBytes(String title, String description) {
        Element root = getRoot();
        root.setAttribute(
                "viewBox", String.format(Locale.ROOT, "0 0 %d %d", svgCanvasSize.width, svgCanvasSize.height));
        root.setAttribute("role", "img");
        root.insertBefore(element("desc", description), root.getFirstChild());
        root.insertBefore(element("title", title), root.getFirstChild());
        try {
            Transformer plain = TransformerFactory.newDefaultInstance().newTransformer();
            plain.setOutputProperty(OutputKeys.ENCODING, "UTF-8");
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            plain.transform(new DOMSource(root), new StreamResult(bytes));
            return bytes.toByteArray();
        } catch (TransformerException impossible) {
            throw new AssertionError("an SVG document in memory cannot be written", impossible);
        }
    }

    private Element element(String name, String content) {
        Element element = getDOMFactory().createElementNS(SVG, name);
        element.setTextContent(Printable.text(content));
        return element;
    }

    private static Document document() {
        try {
            return DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .getDOMImplementation()
                    .createDocument(SVG, "svg", null);
        } catch (ParserConfigurationException impossible) {
            throw new AssertionError("the JDK has no XML documents", impossible);
        }
    }
}
