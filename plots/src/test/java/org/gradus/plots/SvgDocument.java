package org.gradus.plots;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** An SVG file as a strict XML parser without any access to the network reads it. */
final class SvgDocument {

    /** Text as it stands in the figure; what is not said at the element is taken from the groups around it. */
    record Text(String content, double x, double y, String anchor, String fill, double size, double opacity) {}

    /** An embedded image. */
    record Image(double x, double y, double width, double height, BufferedImage pixels) {

        /** The stored grey of a pixel, 0 to 255. Java's {@code getRGB} would take it for linear light. */
        int level(int column, int row) {
            return pixels.getRaster().getSample(column, row, 0);
        }
    }

    private static final String DATA = "data:image/png;base64,";

    private final Document document;

    private SvgDocument(Document document) {
        this.document = document;
    }

    static SvgDocument read(Path file) throws IOException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        try {
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return new SvgDocument(
                    factory.newDocumentBuilder().parse(new ByteArrayInputStream(Files.readAllBytes(file))));
        } catch (ParserConfigurationException | SAXException malformed) {
            throw new AssertionError(file + " is not well-formed", malformed);
        }
    }

    Element root() {
        return document.getDocumentElement();
    }

    String content(String element) {
        return document.getElementsByTagName(element).item(0).getTextContent();
    }

    List<Text> texts() {
        List<Text> texts = new ArrayList<>();
        for (Element element : elements("text")) {
            texts.add(new Text(
                    element.getTextContent(),
                    Double.parseDouble(element.getAttribute("x")),
                    Double.parseDouble(element.getAttribute("y")),
                    element.getAttribute("text-anchor"),
                    inherited(element, "fill"),
                    Double.parseDouble(inherited(element, "font-size").replace("px", "")),
                    Double.parseDouble(inherited(element, "fill-opacity"))));
        }
        return texts;
    }

    /** The digits of maps: all other text is opaque. */
    List<Text> digits() {
        return texts().stream().filter(text -> text.opacity() < 1).toList();
    }

    List<Image> images() throws IOException {
        List<Image> images = new ArrayList<>();
        for (Element element : elements("image")) {
            String href = element.getAttributeNS("http://www.w3.org/1999/xlink", "href");
            byte[] png = Base64.getDecoder().decode(href.substring(DATA.length()));
            images.add(new Image(
                    Double.parseDouble(element.getAttribute("x")),
                    Double.parseDouble(element.getAttribute("y")),
                    Double.parseDouble(element.getAttribute("width")),
                    Double.parseDouble(element.getAttribute("height")),
                    ImageIO.read(new ByteArrayInputStream(png))));
        }
        return images;
    }

    /** What attributes refer to outside the document. */
    List<String> outsideReferences() {
        List<String> outside = new ArrayList<>();
        for (Element element : elements("*")) {
            for (int i = 0; i < element.getAttributes().getLength(); i++) {
                Attr attribute = (Attr) element.getAttributes().item(i);
                String value = attribute.getValue();
                boolean declaration = attribute.getName().startsWith("xmlns");
                boolean link = attribute.getName().endsWith("href") || value.contains("url(") || value.contains("://");
                if (link
                        && !declaration
                        && !value.startsWith(DATA)
                        && !value.startsWith("url(#")
                        && !value.startsWith("#")) {
                    outside.add(attribute.getName() + "=" + value);
                }
            }
        }
        return outside;
    }

    private List<Element> elements(String name) {
        NodeList nodes = document.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static String inherited(Element element, String attribute) {
        for (Node node = element; node instanceof Element holder; node = node.getParentNode()) {
            if (holder.hasAttribute(attribute)) {
                return holder.getAttribute(attribute);
            }
        }
        throw new AssertionError("no " + attribute + " at or around " + element.getTextContent());
    }
}
